/** What happened, as people choose it: a kind of event and which one, with further conditions; and its text as a filter. */
import { joinTerms, parseValue, quoted, splitBegun, splitChoices, splitTerms } from '../audience/terms';
import { type SegmentStep } from '../query/types.gen';

export type Happening = 'viewed' | 'did' | 'error' | 'frustration' | 'any';

/** A page, action, error or frustration. */
export interface EventName {
  value: string;
  /** The value has * for any text; otherwise a star means itself. */
  pattern: boolean;
}

export interface EventChoice {
  what: Happening;
  /** Any of them will do; none as long as none is chosen. */
  names: EventName[];
  /** Further conditions on the same event, in the filter language; all of them for `any`. */
  where: string;
}

/** The attribute whose value tells which one. */
export const NAMED_BY: Record<Exclude<Happening, 'any'>, string> = {
  viewed: 'page',
  did: 'action',
  error: 'error',
  frustration: 'frustration',
};

const VIEW = 'type:view';

/**
 * What a filter on single events says, as it can be chosen: the first condition that names something, and the rest. Of the
 * kinds that it can be, it is the wanted one; where nothing is said at all, a page.
 */
export function parseEvent(filter: string, wanted?: Happening): EventChoice {
  if (!filter.trim()) {
    return { what: wanted ?? 'viewed', names: [], where: '' };
  }
  const terms = splitTerms(filter);
  const isView = terms.includes(VIEW);
  const kinds = Object.keys(NAMED_BY) as Array<keyof typeof NAMED_BY>;
  for (const what of wanted === 'any' ? [] : [...kinds.filter((kind) => kind === wanted), ...kinds]) {
    const at = terms.findIndex((term) => isNamed(term, NAMED_BY[what]));
    if (at >= 0 && (what === 'viewed') === isView) {
      const where = joinTerms(terms.filter((term, i) => i !== at && (!isView || term !== VIEW)));
      return { what, where, names: parseNames(splitBegun(terms[at])!.rest)! };
    }
  }
  return { what: 'any', names: [], where: filter };
}

const isNamed = (term: string, attribute: string) => {
  const named = splitBegun(term);
  return named?.attribute === attribute && !named.not && Boolean(parseNames(named.rest));
};

/** The names that stand behind the colon, one or several with OR between them; none where none is said yet. */
function parseNames(text: string): EventName[] | undefined {
  const texts = text ? (splitChoices(text) ?? [text]) : [];
  const names = texts.flatMap((one) => parseName(one) ?? []);
  return names.length === texts.length ? names : undefined;
}

/** A value, or a pattern without quotes. */
function parseName(text: string): EventName | undefined {
  const value = parseValue(text);
  if (value !== undefined) {
    return value ? { value, pattern: false } : undefined;
  }
  const isPattern = /^(?:[^\s()[\]"\\<>=~]|\\.)+$/s.test(text) && text.replace(/\\./gs, '').includes('*');
  return isPattern && !/\\\*/.test(text) ? { value: text.replace(/\\(.)/gs, '$1'), pattern: true } : undefined;
}

/** The filter on single events; one that lacks its value, such as `action:`, as long as none is chosen. */
export function formatEvent({ what, names, where }: EventChoice): string {
  if (what === 'any') {
    return where;
  }
  const texts = names.map(formatName);
  const text = texts.length > 1 ? `(${texts.join(' OR ')})` : texts.join('');
  return joinTerms([...(what === 'viewed' ? [VIEW] : []), `${NAMED_BY[what]}:${text}`, ...splitTerms(where)]);
}

const formatName = ({ value, pattern }: EventName) =>
  pattern ? value.replace(/[^\p{L}\p{N}_.@/?&+:*-]/gu, '\\$&') : quoted(value);

/**
 * The same event as one of another kind. What was chosen stays as far as it can be said there: all of it where any event may
 * be meant, and what else must hold in every case.
 */
export function asHappening(choice: EventChoice, what: Happening): EventChoice {
  if (what === 'any') {
    return { what, names: [], where: choice.names.length > 0 ? formatEvent(choice) : choice.where };
  }
  const same = choice.what === 'any' ? parseEvent(choice.where, what) : undefined;
  return same?.what === what ? same : { what, names: [], where: choice.where };
}

/** Whether it says which one, or what else must hold. */
export function isNamedEvent(filter: string): boolean {
  const { what, names, where } = parseEvent(filter);
  return what === 'any' ? Boolean(where.trim()) : names.length > 0;
}

/** What happens in a step, or never does. */
export const eventOf = ({ event, not }: SegmentStep) => event ?? not ?? '';
