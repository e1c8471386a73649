/** Definitions drawn at random from the whole of their schema, for tests. */
import fc from 'fast-check';

import {
  type SegmentCondition,
  type SegmentDefinition,
  type SegmentDid,
  type SegmentSequence,
  type SegmentWindow,
} from '../query/types.gen';

const text = fc.constantFrom('page:/cart', 'type:view page:/a', 'last_country:BR', 'plan:(pro OR free)', 'a OR b');
const duration = fc.constantFrom('30m', '7d', '1w', '500ms');
const times = fc.integer({ min: 1, max: 9 });
const window: fc.Arbitrary<SegmentWindow> = fc.oneof(
  fc.record({ last: duration }),
  fc.record({ from: fc.constant('2026-01-01') }),
  fc.record({ to: fc.constant('2026-02-01T00:00:00Z') }),
  fc.record({ from: fc.constant('2026-01-01'), to: fc.constant('2026-02-01') })
);
const did: fc.Arbitrary<SegmentDid> = fc.oneof(
  fc.record({ event: text, atLeast: times, window }, { requiredKeys: ['event'] }),
  fc.record({ event: text, atMost: times, window }, { requiredKeys: ['event'] }),
  fc.record({ event: text, exactly: times, window }, { requiredKeys: ['event'] }),
  fc.record({ event: text, firstTime: fc.boolean(), window })
);
const step = fc.oneof(fc.record({ event: text }), fc.record({ not: text }));
const sequence: fc.Arbitrary<SegmentSequence> = fc.record(
  {
    steps: fc
      .tuple(fc.record({ event: text }), fc.array(step, { minLength: 1, maxLength: 4 }))
      .map(([a, rest]) => [a, ...rest]),
    scope: fc.constantFrom('session' as const, 'user' as const),
    within: duration,
    pending: fc.constantFrom('include' as const, 'exclude' as const),
    window,
  },
  { requiredKeys: ['steps'] }
);

/** Who began and never came through, and what is that but for one detail. */
const pairs: fc.Arbitrary<SegmentCondition[]> = fc
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

const { condition } = fc.letrec<{ condition: SegmentCondition }>((tie) => {
  const several = fc.array(tie('condition'), { minLength: 1, maxLength: 4 });
  const around = fc.array(tie('condition'), { maxLength: 2 });
  const withPair = fc.tuple(around, pairs, around).map((parts) => parts.flat());
  return {
    condition: fc.oneof(
      { maxDepth: 4, withCrossShrink: true },
      fc.record({ users: text }),
      fc.record({ did }),
      fc.record({ sequence }),
      fc.record({ segment: fc.constantFrom('premium', 'dropouts') }),
      fc.record({ table: fc.constantFrom('customers') }),
      fc.record({ all: several }),
      fc.record({ any: several }),
      fc.record({ all: withPair }),
      fc.record({ not: tie('condition') })
    ),
  };
});

export const definitions: fc.Arbitrary<SegmentDefinition> = fc.record(
  {
    where: condition,
    identity: fc.constantFrom('usr.id', 'usr.email', 'usr.company'),
    includeAnonymous: fc.boolean(),
    timeZone: fc.constantFrom('UTC', 'Europe/Berlin'),
  },
  { requiredKeys: ['where'] }
);
