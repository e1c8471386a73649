/** Definitions drawn at random from the whole of their schema, for tests. */
import fc from 'fast-check';

import {
  type SegmentCondition,
  type SegmentDefinition,
  type SegmentDid,
  type SegmentSequence,
  type SegmentWindow,
} from '../query/types.gen';

const duration = fc.constantFrom('30m', '7d', '1w', '500ms');
const times = fc.integer({ min: 1, max: 9 });
const window: fc.Arbitrary<SegmentWindow> = fc.oneof(
  fc.record({ last: duration }),
  fc.record({ from: fc.constant('2026-01-01') }),
  fc.record({ to: fc.constant('2026-02-01T00:00:00Z') }),
  fc.record({ from: fc.constant('2026-01-01'), to: fc.constant('2026-02-01') })
);

/** What a condition names: filters on users, events, segments and tables. */
interface Names {
  users: string[];
  events: string[];
  segments: string[];
  tables: string[];
}

const FINISHED: Names = {
  users: ['page:/cart', 'last_country:BR', 'plan:(pro OR free)', 'a OR b'],
  events: [
    'page:/cart',
    'type:view page:/a',
    'action:"click on BUY" price:>9',
    'action:(buy OR "tap on BUY")',
    'a OR b',
  ],
  segments: ['premium', 'dropouts'],
  tables: ['customers'],
};

/** What is begun of each kind, as the builder leaves it. */
const BEGUN: Names = {
  users: ['', 'last_country:', '-usr.plan:', '"of two words":~', 'sessions:>='],
  events: ['', 'type:view page:', 'action: country:BR', 'error:', 'frustration:'],
  segments: [''],
  tables: [''],
};

function didOf(event: fc.Arbitrary<string>): fc.Arbitrary<SegmentDid> {
  return fc.oneof(
    fc.record({ event, atLeast: times, window }, { requiredKeys: ['event'] }),
    fc.record({ event, atMost: times, window }, { requiredKeys: ['event'] }),
    fc.record({ event, exactly: times, window }, { requiredKeys: ['event'] }),
    fc.record({ event, firstTime: fc.boolean(), window })
  );
}

function sequenceOf(event: fc.Arbitrary<string>): fc.Arbitrary<SegmentSequence> {
  const step = fc.oneof(fc.record({ event }), fc.record({ not: event }));
  return fc.record(
    {
      steps: fc
        .tuple(fc.record({ event }), fc.array(step, { minLength: 1, maxLength: 4 }))
        .map(([a, rest]) => [a, ...rest]),
      scope: fc.constantFrom('session' as const, 'user' as const),
      within: duration,
      pending: fc.constantFrom('include' as const, 'exclude' as const),
      window,
    },
    { requiredKeys: ['steps'] }
  );
}

/** Who began and never came through, and what is that but for one detail. */
function pairsOf(text: fc.Arbitrary<string>): fc.Arbitrary<SegmentCondition[]> {
  return fc
    .record({
      ...{ began: text, event: text, scope: fc.constantFrom('session' as const, 'user' as const), window },
      change: fc.constantFrom('nothing', 'nothing', 'nothing', 'event', 'time', 'times', 'not', 'third'),
    })
    .map(({ began: event, event: next, scope, window, change }) => {
      const steps = [{ event: change === 'event' ? `${event} x` : event }, { event: next }];
      const sequence = {
        steps: change === 'third' ? [...steps, { event }] : steps,
        ...{ scope, window: change === 'time' ? { last: '2h' } : window },
      };
      const did = { event, window, ...(change === 'times' && { atLeast: 2 }) };
      return [{ did }, change === 'not' ? { sequence } : { not: { sequence } }];
    });
}

function conditionsOf({ users, events, segments, tables }: Names): fc.Arbitrary<SegmentCondition> {
  const event = fc.constantFrom(...events);
  return fc.letrec<{ condition: SegmentCondition }>((tie) => {
    const several = fc.array(tie('condition'), { minLength: 1, maxLength: 4 });
    const around = fc.array(tie('condition'), { maxLength: 2 });
    const withPair = fc.tuple(around, pairsOf(event), around).map((parts) => parts.flat());
    return {
      condition: fc.oneof(
        { maxDepth: 4, withCrossShrink: true },
        fc.record({ users: fc.constantFrom(...users) }),
        fc.record({ did: didOf(event) }),
        fc.record({ sequence: sequenceOf(event) }),
        fc.record({ segment: fc.constantFrom(...segments) }),
        fc.record({ table: fc.constantFrom(...tables) }),
        fc.record({ all: several }),
        fc.record({ any: several }),
        fc.record({ all: withPair }),
        fc.record({ not: tie('condition') })
      ),
    };
  }).condition;
}

const definitionsOf = (names: Names): fc.Arbitrary<SegmentDefinition> =>
  fc.record(
    {
      where: conditionsOf(names),
      identity: fc.constantFrom('usr.id', 'usr.email', 'usr.company'),
      includeAnonymous: fc.boolean(),
      timeZone: fc.constantFrom('UTC', 'Europe/Berlin'),
    },
    { requiredKeys: ['where'] }
  );

const both = (kind: keyof Names) => [...FINISHED[kind], ...BEGUN[kind]];

export const definitions = definitionsOf(FINISHED);

/** Definitions as they are while they are built, of which any part may not be finished. */
export const unfinishedDefinitions = definitionsOf({
  ...{ users: both('users'), events: both('events'), segments: both('segments'), tables: both('tables') },
});

/** Definitions of which nothing is finished. */
export const begunDefinitions = definitionsOf(BEGUN);
