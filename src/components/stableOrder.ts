import { type Value } from '../audience/terms';

import { type Counted } from './Facet';

/**
 * The values in the order in which they were shown before, so that nothing moves under the pointer: chosen ones that
 * were not shown yet come first, other new ones last, and those that nobody has any more stay with a count of 0. Where
 * there are more than were counted, nobody knows that of a missing one, and it goes.
 */
export function stableOrder(before: Counted[], now: Counted[], chosen: Value[], more = false): Counted[] {
  const key = ({ value }: Counted) => JSON.stringify(value);
  const counts = new Map(now.map((one) => [key(one), one]));
  const known = new Set(before.map(key));
  const kept = before
    .filter((one) => !more || counts.has(key(one)))
    .map((one) => counts.get(key(one)) ?? { ...one, count: 0 });
  const fresh = now.filter((one) => !known.has(key(one)));
  const isChosen = ({ value }: Counted) => chosen.includes(value);
  return [...fresh.filter(isChosen), ...kept, ...fresh.filter((one) => !isChosen(one))];
}
