/** What happened, as people choose it: a kind of event and which one, with further conditions; and its text as a filter. */
import { joinTerms, parseValue, quoted, splitName, splitTerms } from '../audience/terms';

export type Happening = 'viewed' | 'did' | 'error' | 'frustration' | 'any';

export interface EventChoice {
  what: Happening;
  /** The page, action, error or frustration. */
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

/** What a filter on single events says, as it can be chosen: the first condition that names something, and the rest. */
export function parseEvent(filter: string): EventChoice {
  const terms = splitTerms(filter);
  const isView = terms.includes(VIEW);
  for (const what of Object.keys(NAMED_BY) as Array<keyof typeof NAMED_BY>) {
    const at = terms.findIndex((term) => isNamed(term, NAMED_BY[what]));
    if (at >= 0 && (what === 'viewed') === isView) {
      const where = joinTerms(terms.filter((term, i) => i !== at && (!isView || term !== VIEW)));
      return { what, where, ...parseName(splitName(terms[at])!.rest)! };
    }
  }
  return { what: 'any', value: '', pattern: false, where: filter };
}

const isNamed = (term: string, attribute: string) => {
  const named = splitName(term);
  return named?.attribute === attribute && !named.not && Boolean(parseName(named.rest));
};

/** A value, or a pattern without quotes. */
function parseName(text: string): Pick<EventChoice, 'value' | 'pattern'> | undefined {
  const value = parseValue(text);
  if (value !== undefined) {
    return { value, pattern: false };
  }
  const isPattern = /^(?:[^\s()[\]"\\<>=~]|\\.)+$/s.test(text) && text.replace(/\\./gs, '').includes('*');
  return isPattern && !/\\\*/.test(text) ? { value: text.replace(/\\(.)/gs, '$1'), pattern: true } : undefined;
}

/** The filter on single events; nothing as long as nothing is named. */
export function formatEvent({ what, value, pattern, where }: EventChoice): string {
  if (what === 'any') {
    return where;
  }
  if (!value) {
    return '';
  }
  const text = pattern ? value.replace(/[^\p{L}\p{N}_.@/?&+:*-]/gu, '\\$&') : quoted(value);
  return joinTerms([...(what === 'viewed' ? [VIEW] : []), `${NAMED_BY[what]}:${text}`, ...splitTerms(where)]);
}
