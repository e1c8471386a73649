/** Conditions as sentences, whose values are told apart from the words around them. */
import { attributeNamed } from '../query/attributes';
import {
  type Attribute,
  type Segment,
  type SegmentDid,
  type SegmentSequence,
  type SegmentWindow,
} from '../query/types.gen';

import { valueText } from '../audience/termText';
import { timeText } from '../audience/times';

import { parseBegun, parseClause } from '../audience/clause';
import { spellDuration, spellLast } from './durations';
import { PAST, splitAction } from './actions';
import { eventOf, parseEvent } from './event';
import { type Group, type Row } from './tree';

export interface Word {
  text: string;
  /** It is what somebody chose. */
  value?: boolean;
}

export interface Known {
  attributes: Attribute[];
  segments: Array<Pick<Segment, 'id' | 'name'>>;
}

const plain = (text: string): Word => ({ text });
const value = (text: string): Word => ({ text, value: true });

/** What a row says, as it follows "Users who". */
export function rowWords(row: Row, known: Known): Word[] {
  const not = row.nots % 2 === 1;
  switch (row.kind) {
    case 'users':
      return [plain(not ? 'do not have' : 'have'), ...filterWords(row.filter, known)];
    case 'did':
      return didWords(row.did, not);
    case 'sequence':
      return [...(not ? [plain('never in order:')] : []), ...sequenceWords(row.sequence)];
    case 'through':
      return throughWords(row.sequence);
    case 'segment':
      return [plain(not ? 'are not in the segment' : 'are in the segment'), value(segmentName(row.segment, known))];
    case 'table':
      return [plain(not ? 'are not in the table' : 'are in the table'), value(row.table || '…')];
  }
}

const segmentName = (id: string, { segments }: Known) => segments.find((one) => one.id === id)?.name ?? (id || '…');

/** How many of a group's conditions must hold. */
export type Joined = 'all' | 'any' | 'none' | 'not all';

/** The words that a group begins with. */
export function groupWords({ join, nots }: Pick<Group, 'join' | 'nots'>): Joined {
  if (nots % 2 === 0) {
    return join;
  }
  return join === 'any' ? 'none' : 'not all';
}

const OPERATORS: Record<string, string> = {
  ...{ '=': 'is', '!=': 'is not', contains: 'contains', exists: 'is known', 'not exists': 'is not known' },
  ...{ '<': 'is less than', '<=': 'is at most', '>': 'is more than', '>=': 'is at least' },
};

/** An operator in words; times are before and after. */
export function operatorText(operator: string, attribute?: Attribute): string {
  const ofTimes: Record<string, string> = {
    ...{ '<': 'is before', '<=': 'is not after', '>': 'is after', '>=': 'is not before' },
  };
  return (attribute?.type === 'time' ? ofTimes[operator] : undefined) ?? OPERATORS[operator] ?? operator;
}

function filterWords(filter: string, { attributes }: Known): Word[] {
  const begun = parseBegun(filter);
  const clause = begun ?? parseClause(filter);
  if (!clause) {
    return [value(filter || '…')];
  }
  const attribute = attributeNamed(clause.attribute, attributes);
  const values = clause.values ?? [];
  const shown = attribute ? values.map((value) => valueText(attribute.id, value)) : values;
  const any = shown.length > 1 ? ' any of' : '';
  const ago = attribute?.type === 'time' ? timeText(`${clause.operator}${values[0]}`) : undefined;
  if (ago) {
    return [value(attribute!.name), value(ago)];
  }
  return [
    value(attribute?.name ?? clause.attribute),
    plain(operatorText(clause.operator, attribute) + any),
    ...(begun ? [value('…')] : shown.length > 0 ? [value(shown.join(', '))] : []),
  ];
}

function didWords({ event, atLeast, atMost, exactly, firstTime, window }: SegmentDid, not: boolean): Word[] {
  const times = (n: number) => `${n} ${n === 1 ? 'time' : 'times'}`;
  const often =
    exactly !== undefined
      ? [value(`exactly ${times(exactly)}`)]
      : atMost !== undefined
        ? [value(`at most ${times(atMost)}`)]
        : atLeast !== undefined
          ? [value(`at least ${times(atLeast)}`)]
          : [];
  return [
    ...(not ? [plain(often.length > 0 ? 'not:' : 'never')] : []),
    ...eventWords(event),
    ...(firstTime ? [plain('for the first time')] : often),
    ...windowWords(window),
  ];
}

function sequenceWords({ steps, scope, within, window }: SegmentSequence): Word[] {
  return [
    ...steps.flatMap(({ event, not }, i) => [
      ...(i === 0 ? [] : [plain(event === undefined ? 'then never' : 'then')]),
      ...eventWords(eventOf({ event, not })),
    ]),
    value(scope === 'user' ? 'across sessions' : 'in the same session'),
    ...withinWords(within),
    ...windowWords(window),
  ];
}

function throughWords({ steps: [began, through], scope, within, window }: SegmentSequence): Word[] {
  return [
    ...eventWords(eventOf(began)),
    plain('and after none of these times'),
    ...eventWords(eventOf(through)),
    value(scope === 'user' ? 'in the same or a later session' : 'in the same session'),
    ...withinWords(within),
    ...windowWords(window),
  ];
}

const withinWords = (within?: string) => (within ? [plain('within'), value(spellDuration(within))] : []);

/** What happened, in the past tense. */
export function eventWords(event: string): Word[] {
  const { what, names, where } = parseEvent(event);
  const named = names.map((name) => name.value);
  const text = named.join(' or ') || '…';
  const also = where && what !== 'any' ? [plain('where'), value(where)] : [];
  switch (what) {
    case 'viewed':
      return [plain('viewed page'), value(text), ...also];
    case 'did':
      return [...(named.length > 0 ? actionWords(named) : [plain('did the action'), value(text)]), ...also];
    case 'error':
      return [plain('had the error'), value(text), ...also];
    case 'frustration':
      return [plain('had the frustration'), value(text.replaceAll('_', ' ')), ...also];
    case 'any':
      return where ? [plain('had an event with'), value(where)] : [value('…')];
  }
}

/** "clicked or tapped on BUY": what was done by each verb, and what by several at once. */
function actionWords(actions: string[]): Word[] {
  const byVerb = new Map<string, string[]>();
  for (const action of actions) {
    const { verb, object } = splitAction(action);
    const done = verb ? PAST[verb] : '';
    byVerb.set(done, [...(byVerb.get(done) ?? []), verb ? object : action]);
  }
  const verbs = new Map<string, string[]>();
  for (const [verb, objects] of byVerb) {
    const of = objects.join(' or ');
    verbs.set(of, [...(verbs.get(of) ?? []), verb]);
  }
  return [...verbs].flatMap(([of, done], i) => [
    ...(i > 0 ? [plain('or')] : []),
    ...[plain(done.includes('') ? 'did the action' : `${done.join(' or ')} on`), value(of)],
  ]);
}

function windowWords(window?: SegmentWindow): Word[] {
  const { last, from, to } = window ?? {};
  if (last) {
    return [plain('in the last'), value(spellLast(last))];
  }
  return [...(from ? [plain('from'), value(from)] : []), ...(to ? [plain(from ? 'to' : 'before'), value(to)] : [])];
}

export const textOf = (words: Word[]) => words.map(({ text }) => text).join(' ');
