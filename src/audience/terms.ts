/**
 * The text of a filter as the conditions that are joined by AND at its top. The backend has the whole grammar
 * (docs/filter.md); here it is only cut into pieces, which together say what the whole did.
 */

/** A value of an attribute; null is for having none. */
export type Value = string | null;

/** What one attribute is or is not: `country:(BR OR PT)`, `-country:BR`, `-country:*`, `(country:BR OR -country:*)`. */
export interface ValueTerm {
  attribute: string;
  not: boolean;
  values: Value[];
}

/** The conditions of a filter, each as text. One that cannot be cut, since OR stands at its top, is one piece. */
export function splitTerms(text: string): string[] {
  const tokens = tokenize(text);
  if (!tokens || isJoined(tokens)) {
    return text.trim() ? [text.trim()] : [];
  }
  const terms: string[] = [];
  let negation = '';
  for (const token of tokens) {
    if (token === 'NOT' || /^-+$/.test(token)) {
      negation += token === 'NOT' ? 'NOT ' : token;
    } else if (token !== 'AND') {
      terms.push(negation + token);
      negation = '';
    }
  }
  return negation ? [text.trim()] : terms;
}

/** A filter of conditions that must all hold. */
export function joinTerms(terms: string[]): string {
  const inParentheses = (term: string) => (isJoined(tokenize(term) ?? []) ? `(${term})` : term);
  const whole = terms.filter((term) => term.trim());
  return whole.length === 1 ? whole[0] : whole.map(inParentheses).join(' ');
}

/** Whether OR stands at the top, or what was meant as it or as AND: which of them it is, is told by the backend's error. */
const isJoined = (tokens: string[]) =>
  tokens.some(
    (token, i) => token === 'OR' || (i > 0 && i < tokens.length - 1 && /^(or|and)$/i.test(token) && token !== 'AND')
  );

/** Words at the top: what stands in quotes, brackets or parentheses is not cut. Undefined where one of these is open. */
function tokenize(text: string): string[] | undefined {
  const tokens: string[] = [];
  let token = '';
  let depth = 0;
  let quoted = false;
  for (let i = 0; i < text.length; i++) {
    const c = text[i];
    if (c === '\\' && i + 1 < text.length) {
      token += c + text[++i];
      continue;
    }
    if (c === '"') {
      quoted = !quoted;
    } else if (!quoted && (c === '(' || c === '[')) {
      depth++;
    } else if (!quoted && (c === ')' || c === ']')) {
      depth--;
    }
    if (depth < 0) {
      return undefined;
    }
    if (/\s/.test(c) && !quoted && depth === 0) {
      tokens.push(token);
      token = '';
    } else {
      token += c;
    }
  }
  tokens.push(token);
  return quoted || depth > 0 ? undefined : tokens.filter(Boolean);
}

const NAME = /^(-?)@?(?:"((?:[^"\\]|\\.)+)"|([\p{L}\p{N}_.@/-]+)):(.*)$/su;
const VALUE = /^(?:"((?:[^"\\]|\\.)*)"|((?:[^\s()[\]"\\*<>=~]|\\.)+))$/s;

interface Named {
  not: boolean;
  attribute: string;
  rest: string;
}

/** A condition on an attribute, whose value stays as it is written; undefined for every other one. */
export function splitName(term: string): Named | undefined {
  const named = splitBegun(term);
  return named?.rest ? named : undefined;
}

/** The same of a condition that may lack its value, as it does while it is written. */
export function splitBegun(term: string): Named | undefined {
  const [, minus, quotedName, name, rest] = NAME.exec(term) ?? [];
  return rest === undefined
    ? undefined
    : { not: minus === '-', attribute: quotedName ? unescaped(quotedName) : name, rest };
}

/** A condition that lists values of an attribute, undefined for every other one. */
export function parseValueTerm(term: string): ValueTerm | undefined {
  const named = splitName(term);
  if (!named) {
    return parseOrMissing(term);
  }
  const { not, attribute, rest } = named;
  if (rest === '*') {
    return { attribute, not: !not, values: [null] };
  }
  const values = (splitChoices(rest) ?? [rest]).map(parseValue);
  return values.every((value) => value !== undefined) ? { attribute, not, values: values as string[] } : undefined;
}

/** The values of `(a OR b)`, each as it is written; undefined for every other text. */
export function splitChoices(text: string): string[] | undefined {
  const [, inner] = /^\((.*)\)$/s.exec(text) ?? [];
  const tokens = tokenize(inner ?? '') ?? [];
  const isList = tokens.length % 2 === 1 && tokens.every((token, i) => i % 2 === 0 || token === 'OR');
  return isList ? tokens.filter((_, i) => i % 2 === 0) : undefined;
}

/** One of some values, or none: `(country:BR OR -country:*)`. */
function parseOrMissing(term: string): ValueTerm | undefined {
  const [, inner] = /^\((.*)\)$/s.exec(term) ?? [];
  const [first, or, second, ...others] = tokenize(inner ?? '') ?? [];
  const [some, none] = [first, second].map((part) => (part ? parseValueTerm(part) : undefined));
  const isOne = or === 'OR' && others.length === 0 && some && none && some.attribute === none.attribute;
  return isOne && !some.not && !none.not && !some.values.includes(null) && none.values[0] === null
    ? { ...some, values: [...some.values, null] }
    : undefined;
}

/** A value as it is meant, undefined for what is more than one. */
export function parseValue(text: string): string | undefined {
  const [whole, quoted, bare] = VALUE.exec(text) ?? [];
  return whole === undefined ? undefined : unescaped(quoted ?? bare);
}

const unescaped = (text: string) => text.replace(/\\(.)/gs, '$1');

/** The text of a condition on values. That a value is neither of some nor missing is said by two of them. */
export function formatValueTerm({ attribute, not, values }: ValueTerm): string {
  const known = values.filter((value) => value !== null);
  if (known.length < values.length) {
    const missing = `${not ? '' : '-'}${quotedName(attribute)}:*`;
    const some = known.length > 0 ? formatValueTerm({ attribute, not, values: known }) : '';
    return !some ? missing : not ? `${some} ${missing}` : `(${some} OR ${missing})`;
  }
  const texts = known.map(quoted);
  const choices = texts.length === 1 ? texts[0] : `(${texts.join(' OR ')})`;
  return `${not ? '-' : ''}${quotedName(attribute)}:${choices}`;
}

/** A value as it is written in a filter. */
export function quoted(value: string): string {
  return /^[\p{L}\p{N}/][\p{L}\p{N}_.@/?&+:-]*$/u.test(value) && !/^(AND|OR|NOT|TO)$/.test(value)
    ? value
    : quotedText(value);
}

/** An attribute's name as it is written in a filter. */
export function quotedName(name: string): string {
  return /^[\p{L}\p{N}_][\p{L}\p{N}_.@/-]*$/u.test(name) ? name : quotedText(name);
}

/** What a filter says of an attribute by listing values, the first such condition each way. */
export function chosenValues(filter: string, attribute: string): { only: Value[]; without: Value[] } {
  const of = splitTerms(filter)
    .map(parseValueTerm)
    .filter((term) => term?.attribute === attribute);
  return {
    only: of.find((term) => !term!.not)?.values ?? [],
    without: of.filter((term) => term!.not).flatMap((term) => term!.values),
  };
}

/** The filter with other values chosen of an attribute; its other conditions stay as they are and where they are. */
export function chooseValues(filter: string, attribute: string, only: Value[], without: Value[]): string {
  const written = [
    ...(only.length > 0 ? [{ attribute, not: false, values: only }] : []),
    ...(without.length > 0 ? [{ attribute, not: true, values: without }] : []),
  ].map(formatValueTerm);
  const kept: string[] = [];
  let place: number | undefined;
  for (const term of splitTerms(filter)) {
    if (parseValueTerm(term)?.attribute === attribute) {
      place ??= kept.length;
    } else {
      kept.push(term);
    }
  }
  kept.splice(place ?? kept.length, 0, ...written);
  return joinTerms(kept);
}

/** Words to search for, whatever they look like. */
export const quotedText = (text: string) => `"${text.replace(/["\\]/g, '\\$&')}"`;

/** Which of a filter's conditions stands at a position, which counts characters from 1; -1 for none. */
export function termAt(filter: string, terms: string[], position: number): number {
  let end = 0;
  return terms.findIndex((term) => {
    const start = filter.indexOf(term, end);
    end = start + term.length;
    return [...filter.slice(0, end)].length >= position && position > 0;
  });
}
