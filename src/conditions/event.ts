/** What happened, as people choose it: a kind of event and which one, with further conditions; and its text as a filter. */
import { joinTerms, parseValue, quoted, splitBegun, splitTerms } from '../audience/terms';
import { type SegmentStep } from '../query/types.gen';

export type Happening = 'viewed' | 'did' | 'error' | 'frustration' | 'any';

export interface EventChoice {
  what: Happening;
  /** The page, action, error or frustration; nothing as long as none is chosen. */
  value: string;
  /** The value has * for any text; otherwise a star means itself. */
  pattern: boolean;
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
  const nothing = { value: '', pattern: false, where: '' };
  if (!filter.trim()) {
    return { ...nothing, what: wanted ?? 'viewed' };
  }
  const terms = splitTerms(filter);
  const isView = terms.includes(VIEW);
  const kinds = Object.keys(NAMED_BY) as Array<keyof typeof NAMED_BY>;
  for (const what of wanted === 'any' ? [] : [...kinds.filter((kind) => kind === wanted), ...kinds]) {
    const at = terms.findIndex((term) => isNamed(term, NAMED_BY[what]));
    if (at >= 0 && (what === 'viewed') === isView) {
      const where = joinTerms(terms.filter((term, i) => i !== at && (!isView || term !== VIEW)));
      return { what, where, ...parseName(splitBegun(terms[at])!.rest)! };
    }
  }
  return { ...nothing, what: 'any', where: filter };
}

const isNamed = (term: string, attribute: string) => {
  const named = splitBegun(term);
  return named?.attribute === attribute && !named.not && Boolean(parseName(named.rest));
};

/** A value, or a pattern without quotes, or nothing yet. */
function parseName(text: string): Pick<EventChoice, 'value' | 'pattern'> | undefined {
  if (!text) {
    return { value: '', pattern: false };
  }
  const value = parseValue(text);
  if (value !== undefined) {
    return { value, pattern: false };
  }
  const isPattern = /^(?:[^\s()[\]"\\<>=~]|\\.)+$/s.test(text) && text.replace(/\\./gs, '').includes('*');
  return isPattern && !/\\\*/.test(text) ? { value: text.replace(/\\(.)/gs, '$1'), pattern: true } : undefined;
}

/** The filter on single events; one that lacks its value, such as `action:`, as long as none is chosen. */
export function formatEvent({ what, value, pattern, where }: EventChoice): string {
  if (what === 'any') {
    return where;
  }
  const text = !value ? '' : pattern ? value.replace(/[^\p{L}\p{N}_.@/?&+:*-]/gu, '\\$&') : quoted(value);
  return joinTerms([...(what === 'viewed' ? [VIEW] : []), `${NAMED_BY[what]}:${text}`, ...splitTerms(where)]);
}

/** Whether it says which one, or what else must hold. */
export function isNamedEvent(filter: string): boolean {
  const { what, value, where } = parseEvent(filter);
  return Boolean(what === 'any' ? where.trim() : value);
}

/** What happens in a step, or never does. */
export const eventOf = ({ event, not }: SegmentStep) => event ?? not ?? '';
