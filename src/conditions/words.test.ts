import { STANDARD_ATTRIBUTES, type SegmentCondition, type SegmentSequence } from '../query/types.gen';

import { KINDS, kindOf, withKind } from './kinds';
import { emptyRow, type Row, toNode } from './tree';
import { groupWords, rowWords, textOf } from './words';

const row = (condition: SegmentCondition) => toNode(condition, () => 'a') as Row;
const known = { attributes: STANDARD_ATTRIBUTES, segments: [{ id: 'premium', name: 'Premium users' }] };

it.each<[SegmentCondition, string]>([
  [{ users: 'last_country:(BR OR PT)' }, 'have Last country is any of Brazil, Portugal'],
  [{ not: { users: 'sessions:>=10' } }, 'do not have Sessions is at least 10'],
  [{ users: 'last_seen:>now-7d' }, 'have Last seen in the last 7 days'],
  [{ users: 'plan:pro ann' }, 'have plan:pro ann'],
  [{ did: { event: 'type:view page:/cart', window: { last: '30d' } } }, 'viewed page /cart in the last 30 days'],
  [{ did: { event: 'action:buy', window: { last: '1d' } } }, 'did the action buy in the last day'],
  [{ not: { did: { event: 'action:buy' } } }, 'never did the action buy'],
  [{ did: { event: 'type:view page:(/cart OR /basket)' } }, 'viewed page /cart or /basket'],
  [{ did: { event: 'action:("click on BUY" OR "tap on BUY")' } }, 'clicked or tapped on BUY'],
  [
    { did: { event: 'action:("click on A" OR "click on B" OR buy OR "tap on A")' } },
    'clicked on A or B or did the action buy or tapped on A',
  ],
  [{ did: { event: 'action:buy price:>9', atLeast: 1 } }, 'did the action buy where price:>9 at least 1 time'],
  [
    { not: { did: { event: 'frustration:rage_click', exactly: 2 } } },
    'not: had the frustration rage click exactly 2 times',
  ],
  [
    { did: { event: 'error:*', firstTime: true, window: { from: '2026-01-01', to: '2026-02-01' } } },
    'had the error * for the first time from 2026-01-01 to 2026-02-01',
  ],
  [
    { sequence: { steps: [{ event: 'type:view page:/cart' }, { not: 'action:"click on CHECKOUT"' }], within: '30m' } },
    'viewed page /cart then never clicked on CHECKOUT in the same session within 30 minutes',
  ],
  [{ segment: 'premium' }, 'are in the segment Premium users'],
  [{ not: { table: 'customers' } }, 'are not in the table customers'],
  [{ did: { event: '' } }, 'viewed page …'],
  [{ did: { event: 'action: country:BR' } }, 'did the action … where country:BR'],
  [{ users: '-last_country:' }, 'have Last country is not …'],
  [{ users: '' }, 'have …'],
])('says %j', (condition, text) => expect(textOf(rowWords(row(condition), known))).toBe(text));

it('says in one sentence who never came through', () => {
  const steps = [{ event: 'type:view page:/cart' }, { event: 'action:buy' }];
  const said = (sequence: SegmentSequence) => textOf(rowWords({ id: 'a', nots: 0, kind: 'through', sequence }, known));
  expect(said({ steps, scope: 'user', window: { last: '7d' } })).toBe(
    'viewed page /cart and after none of these times did the action buy in the same or a later session in the last 7 days'
  );
  expect(said({ steps, within: '1h' })).toBe(
    'viewed page /cart and after none of these times did the action buy in the same session within 1 hour'
  );
});

it('says how a group is joined', () => {
  expect((['all', 'any'] as const).flatMap((join) => [0, 1, 2].map((nots) => groupWords({ join, nots })))).toEqual([
    ...['all', 'not all', 'all', 'any', 'none', 'any'],
  ]);
});

it('is of the kind that was chosen, whatever it was before', () => {
  for (const before of KINDS) {
    for (const after of KINDS) {
      const first = withKind(emptyRow('users', 'a'), before);
      expect(kindOf(withKind(first, after))).toBe(after);
      expect(withKind(first, before)).toBe(first);
    }
  }
});

it('keeps what fits: the event, and the window that a first time needs', () => {
  const did = row({ did: { event: 'page:/a', atLeast: 3 } });
  expect(withKind(did, 'first')).toMatchObject({ did: { event: 'page:/a', firstTime: true, window: { last: '30d' } } });
  expect(withKind(withKind(did, 'first'), 'not did')).toMatchObject({ nots: 1, did: { event: 'page:/a' } });
  expect(withKind(did, 'not did')).toMatchObject({ nots: 1, did: { event: 'page:/a', atLeast: 3 } });
});
