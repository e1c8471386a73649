/** Why nobody is shown: which of the conditions removed most. */
import { type Answer, type Target } from '../../api/ask';
import { type Audience, flattened } from '../../audience/audience';
import { joinTerms, splitTerms } from '../../audience/terms';
import { applicationsText, termText } from '../../audience/termText';
import { definitionText } from '../../conditions/sentence';
import { type Known } from '../../conditions/words';
import { t } from '../../text';

import { type Base } from './base';
import { totalOf, whoOf } from './questions';
import { type UsersState } from './state';

/** One thing that narrows, and the audience without it. */
export interface Narrowing {
  text: string;
  without: Audience;
}

/** More are not tried one by one. */
const MOST = 10;

/** What narrows, each to be left out alone: all segments, since a user of any of them is shown; the search; each condition. */
export function narrowings(audience: Audience, known: Known): Narrowing[] {
  const { attributes, segments } = known;
  const { definition, ...undefinite } = audience;
  const names = audience.segments.map((id) => segments.find((segment) => segment.id === id)?.name ?? id);
  const terms = splitTerms(audience.filter);
  return [
    ...(names.length > 0
      ? [{ text: t('audience.segment', { name: names.join(' or ') }), without: { ...audience, segments: [] } }]
      : []),
    ...(audience.applications.length > 0
      ? [{ text: applicationsText(audience.applications), without: { ...audience, applications: [] } }]
      : []),
    ...(audience.search
      ? [{ text: t('audience.search', { search: audience.search }), without: { ...audience, search: '' } }]
      : []),
    ...(definition ? [{ text: definitionText(definition, known), without: undefinite }] : []),
    ...terms.map((term, i) => ({
      text: termText(term, attributes),
      without: { ...audience, filter: joinTerms(terms.filter((_, other) => other !== i)) },
    })),
  ].slice(0, MOST);
}

/** What is asked once nobody is found: the users without each condition, or, where there are none at all, with everybody. */
export function nobodyTargets(state: UsersState, left: Narrowing[], universe: number | undefined, base?: Base) {
  const total = { columns: ['user_id'], limit: 1, includeTotal: true };
  const ask = (refId: string, who: Base): Target => ({ refId, queryType: 'profiles', options: { ...who, ...total } });
  return universe === 0
    ? [ask('everybody', { includeAnonymous: true })]
    : left.map(({ without }, i) => ask(`without${i}`, whoOf({ ...state, audience: without }, base)));
}

/** Why nobody is shown, undefined until it is known. */
export type Reason =
  | { kind: 'noEvents' | 'onlyAnonymous' | 'panel' | 'together' }
  | { kind: 'condition'; condition: Narrowing; users: number };

/** Reads the reason in the answers to `nobodyTargets`. */
export function reasonOf(
  of: Record<string, Answer | undefined>,
  left: Narrowing[],
  universe: number | undefined,
  base: Base = {}
): Reason | undefined {
  if (universe === 0) {
    const everybody = totalOf(of.everybody);
    const narrows = isNarrow(base);
    return everybody === undefined
      ? undefined
      : { kind: everybody === 0 ? 'noEvents' : narrows ? 'panel' : 'onlyAnonymous' };
  }
  const totals = left.map((_, i) => totalOf(of[`without${i}`]));
  if (totals.some((total) => total === undefined)) {
    return undefined;
  }
  const users = Math.max(0, ...(totals as number[]));
  return users === 0 ? { kind: 'together' } : { kind: 'condition', condition: left[totals.indexOf(users)], users };
}

function isNarrow({ search, filters, activeInRange, includeAnonymous, ...selection }: Base): boolean {
  const { filter, includeSegments, excludeSegments } = flattened(selection);
  const given = [filter, search, filters, includeSegments, excludeSegments];
  return Boolean(activeInRange) || given.some((one) => Boolean(one?.length));
}
