/**
 * Puts the values of dashboard variables into a query's options. Values never become syntax: in lists of values each is
 * an element of its own, in the filter language each is quoted or escaped.
 */
import { type Condition, type SegmentRef } from './types.gen';

/** What Grafana tells of a variable beside its value. */
interface Variable {
  name?: string;
  includeAll?: boolean;
}

type Format = (value: unknown, variable?: Variable) => string;

/** Replaces variables in a text; `format` is given each variable's value. The shape of TemplateSrv.replace. */
export type Replace = (text: string, format?: Format) => string;

/** Texts of the filter language; the last three are those of segment definitions. */
const FILTERS = ['filter', 'users', 'event', 'not'];

/** Replaces the variables in every text of the options, at any depth. */
export function interpolate<T extends object>(options: T, replace: Replace): T {
  const entries = Object.entries(options).map(([key, value]) => [key, interpolateOption(key, value, replace)]);
  return Object.fromEntries(entries);
}

function interpolateOption(key: string, value: unknown, replace: Replace): unknown {
  if (typeof value === 'string') {
    return FILTERS.includes(key) ? interpolateFilter(value, replace) : replace(value).trim();
  }
  if (Array.isArray(value)) {
    return interpolateList(key, value, replace);
  }
  return value !== null && typeof value === 'object' ? interpolate(value, replace) : value;
}

function interpolateList(key: string, list: unknown[], replace: Replace): unknown[] {
  switch (key) {
    case 'facets':
      return list.flatMap((facet) => interpolateEntry(facet as object, 'attribute', replace));
    case 'measures':
      return list.flatMap((measure) => interpolateEntry(measure as object, 'measure', replace));
    case 'filters':
      return list.flatMap((condition) => interpolateCondition(condition as Condition, replace));
    case 'includeSegments':
    case 'segments':
      return interpolateSegments(list as SegmentRef[], 'any of', replace);
    case 'excludeSegments':
      return interpolateSegments(list as SegmentRef[], 'none of', replace);
    default:
      return list.flatMap((item) =>
        typeof item === 'string' ? expand(item, replace) : [interpolateOption('', item, replace)]
      );
  }
}

/** A variable's value that leaves out what it stands for: a menu has no empty choice. */
const NONE = 'none';

/** A facet or measure for each value of the variable that names it; none where that is empty or "none". */
function interpolateEntry(entry: object, key: string, replace: Replace): object[] {
  const replaced = interpolate(entry, replace);
  const text = (entry as Record<string, unknown>)[key];
  if (typeof text !== 'string') {
    return [replaced];
  }
  const values = expand(text.trim(), replace).filter((value) => value === text || value !== NONE);
  return values.map((value) => ({ ...replaced, [key]: value.trim() }));
}

/** A condition whose variables are all empty is left out, so that an empty text box shows everybody. */
function interpolateCondition(condition: Condition, replace: Replace): Condition[] {
  if (!condition.values?.length) {
    return [condition];
  }
  const values = condition.values.flatMap((value) => expand(value, replace));
  return values.length > 0 ? [{ ...condition, values }] : [];
}

/** The values that one value of a list stands for: a variable alone is the list of its values, other text one value. */
function expand(text: string, replace: Replace): string[] {
  const found: string[] = [];
  let hasVariables = false;
  const rest = replace(text, (value) => {
    hasVariables = true;
    found.push(...listOf(value));
    return '';
  });
  return hasVariables && rest.trim() === '' ? found.filter((value) => value !== '') : [replace(text)];
}

/**
 * The segments of a list, each of a variable's values an entry of its own. A variable set to All restricts nothing: who
 * is in any of some segments or of all is anybody, and nobody is left out for it. That also holds for users of no segment.
 */
function interpolateSegments(list: SegmentRef[], of: 'any of' | 'none of', replace: Replace): SegmentRef[] {
  const limiting = list.filter((entry) => typeof entry !== 'string' || !meansAll(entry, replace));
  if (of === 'any of' && limiting.length < list.length) {
    return [];
  }
  return limiting.flatMap<SegmentRef>((entry) =>
    typeof entry === 'string' ? expand(entry.trim(), replace) : [interpolate(entry, replace)]
  );
}

/** True for a variable set to All, whether Grafana gives a mark, the custom value *, or the list of all values. */
function meansAll(text: string, replace: Replace): boolean {
  let isAll = false;
  const rest = replace(text, (value, { name, includeAll } = {}) => {
    const list = listOf(value);
    isAll ||= list.includes(ALL) || list.includes('*');
    // The list of all values looks like one chosen by hand: only its text tells.
    isAll ||= includeAll === true && replace(`\${${name}:text}`) === 'All';
    return '';
  }).trim();
  return rest === '*' || (isAll && rest === '');
}

/** A variable's value All as Grafana keeps it. */
const ALL = '$__all';

function listOf(value: unknown): string[] {
  return [value].flat().map(String);
}

// A variable's place in a filter, while it is not decided yet how its value is written there: its number between two
// characters that no keyboard has.
const MARK = '\uE000(\\d+)\uE001';
const NAME = '-?[^\\s:()\\[\\]"\\\\\uE000\uE001]+:';
const ESCAPED_OR_QUOTED = '\\\\[^]|"(?:\\\\[^]|[^"\\\\])*"?';
const TOKEN = new RegExp(`${ESCAPED_OR_QUOTED}|((?:-|${NAME})?)((?:[<>]=?|~)?)${MARK}`, 'g');

/**
 * Replaces the variables in a text of the filter language. A variable that stands for a whole value becomes one value,
 * `("a" OR "b")` for several, or `*` for "All" without a list; empty, its condition is left out. Inside other text its
 * value is escaped. A format such as ${name:raw} puts the value in as it is.
 */
export function interpolateFilter(text: string, replace: Replace): string {
  const values: string[][] = [];
  const marked = replace(text, (value) => {
    values.push(listOf(value));
    return `\uE000${values.length - 1}\uE001`;
  });
  const replaced = marked.replace(TOKEN, (token, prefix: string, operator: string, mark: string, at: number) => {
    if (mark === undefined) {
      return token.startsWith('"') ? replaceQuoted(token, values) : token;
    }
    const before = marked.slice(0, at);
    const after = marked.slice(at + token.length);
    const list = values[Number(mark)];
    const isWhole = (prefix ? /(^|[\s(])$/ : /(^|[\s(:])$/).test(before) && /^($|[\s)])/.test(after);
    if (!isWhole) {
      return prefix + operator + escape(list.join(','));
    }
    const isEmpty = list.length === 1 && list[0] === '';
    return isEmpty ? '' : prefix + operator + literal(list, !prefix && isAmongChoices(before, after));
  });
  return replaced.trim();
}

/** True where other alternatives stand beside: parentheses around several values would be one pair too many. */
function isAmongChoices(before: string, after: string): boolean {
  return /(\(|\sOR)\s*$/.test(before) && /^\s*(\)|OR\s)/.test(after);
}

function literal(list: string[], isAmongChoices: boolean): string {
  if (list.length === 0 || list.includes(ALL)) {
    return '*';
  }
  if (list.length === 1) {
    return isPlain(list[0]) ? list[0] : quote(list[0]);
  }
  const choices = list.map(quote).join(' OR ');
  return isAmongChoices ? choices : `(${choices})`;
}

function isPlain(value: string): boolean {
  return /^[\p{L}\p{N}_/.][\p{L}\p{N}_/.@+-]*$/u.test(value) && !/^(AND|OR|NOT|TO)$/.test(value);
}

function quote(value: string): string {
  return `"${value.replace(/["\\]/g, '\\$&')}"`;
}

function escape(value: string): string {
  return value.replace(/[\s:()[\]"\\*<>~-]/g, '\\$&');
}

/** A quoted text: a variable alone in it may have several values, within other text they are joined by commas. */
function replaceQuoted(quoted: string, values: string[][]): string {
  const alone = new RegExp(`^"${MARK}"$`).exec(quoted);
  if (alone) {
    return literal(values[Number(alone[1])], false);
  }
  return quoted.replace(new RegExp(MARK, 'g'), (_, mark) => quote(values[Number(mark)].join(',')).slice(1, -1));
}
