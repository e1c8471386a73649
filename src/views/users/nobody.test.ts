import { toDataFrame } from '@grafana/data';

import { EVERYBODY } from '../../audience/audience';
import { type Segment, STANDARD_ATTRIBUTES } from '../../query/types.gen';

import { narrowings, nobodyTargets, reasonOf } from './nobody';
import { DEFAULT_STATE } from './state';

const segments = [{ id: 'a', name: 'Premium' }] as Segment[];
const audience = {
  ...EVERYBODY,
  segments: ['a', 'b'],
  applications: ['shop', 'app'],
  filter: 'last_country:BR page:/cart',
  search: 'bob',
};
const known = { attributes: STANDARD_ATTRIBUTES, segments };
const left = narrowings(audience, known);

/** Answers with as many users for each refId. */
const answers = (totals: Record<string, number>) =>
  Object.fromEntries(
    Object.entries(totals).map(([refId, total]) => [
      refId,
      { frames: [{ ...toDataFrame({ fields: [] }), meta: { custom: { total } } }] },
    ])
  );

it('leaves out each condition alone, and all segments together', () => {
  expect(left).toEqual([
    { text: 'in Premium or b', without: { ...audience, segments: [] } },
    { text: 'Application: shop or app', without: { ...audience, applications: [] } },
    { text: 'the search for bob', without: { ...audience, search: '' } },
    { text: 'Last country: Brazil', without: { ...audience, filter: 'page:/cart' } },
    { text: 'Page: /cart', without: { ...audience, filter: 'last_country:BR' } },
  ]);
});

it('leaves out what was built', () => {
  const built = { ...EVERYBODY, segments: ['a'], definition: { where: { not: { did: { event: 'action:buy' } } } } };
  expect(narrowings(built, known).map(({ text, without }) => [text, without])).toEqual([
    ['in Premium', { ...built, segments: [] }],
    ['never did the action buy', { ...EVERYBODY, segments: ['a'] }],
  ]);
});

it('asks all of them, over what a panel says', () => {
  const targets = nobodyTargets({ ...DEFAULT_STATE, audience }, left, 9, { filter: 'x:1' });
  expect(targets.map(({ refId, options }) => [refId, (options as { filter?: string }).filter])).toEqual([
    ['without0', 'last_country:BR page:/cart last_application:(shop OR app) x:1'],
    ['without1', 'last_country:BR page:/cart x:1'],
    ['without2', 'last_country:BR page:/cart last_application:(shop OR app) x:1'],
    ['without3', 'page:/cart last_application:(shop OR app) x:1'],
    ['without4', 'last_country:BR last_application:(shop OR app) x:1'],
  ]);
  expect(nobodyTargets({ ...DEFAULT_STATE, audience }, left, 0)).toHaveLength(1);
});

it('names the condition that removed most', () => {
  expect(reasonOf(answers({ without0: 0, without1: 3 }), left, 9)).toBeUndefined();
  const totals = { without0: 0, without1: 3, without2: 12, without3: 5, without4: 12 };
  expect(reasonOf(answers(totals), left, 9)).toEqual({ kind: 'condition', condition: left[2], users: 12 });
  const none = { without0: 0, without1: 0, without2: 0, without3: 0, without4: 0 };
  expect(reasonOf(answers(none), left, 9)).toEqual({ kind: 'together' });
});

it('never says that nobody matches where nobody is', () => {
  const kind = (everybody: number, base?: object) => reasonOf(answers({ everybody }), left, 0, base)?.kind;
  expect([kind(0), kind(0, { filter: 'a:b' }), kind(4), kind(4, { within: { filter: 'a:b' } }), kind(4, {})]).toEqual([
    ...['noEvents', 'noEvents', 'onlyAnonymous', 'panel', 'onlyAnonymous'],
  ]);
  expect(reasonOf({}, left, 0)).toBeUndefined();
});
