import { type AttributeValue } from '../query/types.gen';

import { hasVariables } from './highlight';

/** Asks a store for the values of an attribute that begin with a text, those used most first. */
export type LoadValues = (attribute: string, search: string, limit: number) => Promise<AttributeValue[]>;

/** What is being typed at a place of a filter. */
export interface Typed {
  /** Where the word begins and ends that a suggestion replaces. */
  from: number;
  to: number;
  /** A name, or a value of an attribute. */
  kind: 'name' | 'value';
  /** As typed so far, without quotes. */
  text: string;
  attribute?: string;
}

/** The word around a place, undefined where nothing can be suggested: behind an operator, in a range, in a variable. */
export function typedAt(text: string, caret: number): Typed | undefined {
  const typed = wordAt(text, caret);
  return typed && !hasVariables(text.slice(typed.from, typed.to)) ? typed : undefined;
}

function wordAt(text: string, caret: number): Typed | undefined {
  const from = wordStart(text, caret);
  const word = text.slice(from, caret);
  const rest = restOfWord(word, text.slice(caret));
  const value = /^-?@?(?:"((?:[^"\\]|\\.)+)"|([\w.@/-]+)):(\(?)("?)(.*)$/s.exec(word);
  if (!value) {
    const name = /^(-?@?"?)([^":]*)$/.exec(word);
    return name
      ? {
          kind: 'name',
          from: from + name[1].replace('"', '').length,
          to: caret + restOfName(text, caret),
          text: name[2],
        }
      : undefined;
  }
  const [, quotedName, name, open, quote, typed] = value;
  const attribute = quotedName ?? name;
  if (open) {
    // The last of (a OR b.
    const last = /^(?:.*\sOR\s+)?("?)([^"]*)$/s.exec(quote + typed);
    return last
      ? {
          kind: 'value',
          attribute,
          from: caret - last[2].length - last[1].length,
          to: caret + rest.length,
          text: last[2],
        }
      : undefined;
  }
  if (/^[~<>=[*]/.test(quote + typed)) {
    return undefined;
  }
  return { kind: 'value', attribute, from: caret - typed.length - quote.length, to: caret + rest.length, text: typed };
}

/** How much of a name stands behind its place, the colon included. */
const restOfName = (text: string, caret: number) => /^[^\s()":]*:?/.exec(text.slice(caret))![0].length;

/** What still belongs to a word behind its place: in quotes, all until they close. */
function restOfWord(word: string, after: string): string {
  const isQuoted = (text: string) => text.replace(/\\./gs, '').split('"').length % 2 === 0;
  return (isQuoted(word) && isQuoted(after) ? /^(?:\\[^]|[^"\\])*"/ : /^[^\s()"]*/).exec(after)![0];
}

/** Where the word before a place begins: behind a space or parenthesis that is not in quotes nor of a list of values. */
function wordStart(text: string, caret: number): number {
  let start = 0;
  let quoted = false;
  let inChoices = false;
  for (let i = 0; i < caret; i++) {
    const c = text[i];
    if (c === '\\') {
      i++;
    } else if (c === '"') {
      quoted = !quoted;
    } else if (quoted) {
      continue;
    } else if (c === '(' && text[i - 1] === ':') {
      inChoices = true;
    } else if (c === ')' && inChoices) {
      inChoices = false;
      start = i + 1;
    } else if (!inChoices && /[\s()]/.test(c)) {
      start = i + 1;
    }
  }
  return start;
}
