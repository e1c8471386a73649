import { useEffect, useState } from 'react';

import { callResource } from '../api/datasource';
import { type Typed } from '../audience/completion';
import { quoted, quotedName } from '../audience/terms';
import { type Attribute, type AttributeValue } from '../query/types.gen';

/** Something that can stand at the place typed at. */
export interface Suggestion {
  text: string;
  /** What is written for it. */
  insert: string;
  note?: string;
  count?: number;
  /** More is to be typed behind it. */
  goesOn: boolean;
}

const MOST = 12;
/** How long typing may pause before values are asked for, in milliseconds. */
const PAUSE = 200;

/** Names of attributes and values of one, as far as they fit what is typed. */
export function useSuggestions(datasource: string, attributes: Attribute[], typed: Typed | undefined): Suggestion[] {
  const [values, setValues] = useState<{ of: string; list: AttributeValue[] }>();
  const attribute = typed?.kind === 'value' ? idOf(typed.attribute!, attributes) : undefined;
  const search = typed?.text ?? '';
  const of = JSON.stringify([datasource, attribute, search]);
  useEffect(() => {
    if (!attribute) {
      return;
    }
    let current = true;
    const path = `values?${new URLSearchParams({ attribute, search, limit: String(MOST) })}`;
    const timer = setTimeout(() => {
      callResource<AttributeValue[]>(datasource, path).then(
        (list) => current && setValues({ of, list }),
        () => current && setValues({ of, list: [] })
      );
    }, PAUSE);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [datasource, attribute, search, of]);

  if (typed?.kind === 'name') {
    return namesLike(attributes, typed.text);
  }
  if (!attribute || values?.of !== of) {
    return [];
  }
  return values.list
    .filter(({ value }) => value !== search)
    .map(({ value, text, count }) => ({
      text: text && text !== value ? `${text} (${value})` : value,
      insert: quoted(value),
      count: count ?? undefined,
      goesOn: false,
    }));
}

/** Attributes whose id or name contains a text, those that begin with it first. */
export function namesLike(attributes: Attribute[], text: string): Suggestion[] {
  const sought = text.toLowerCase();
  const short = (id: string) => id.replace(/^(usr|attributes)\./, '');
  const rank = ({ id, name }: Attribute) =>
    id.startsWith(sought) || short(id).toLowerCase().startsWith(sought) || name.toLowerCase().startsWith(sought)
      ? 0
      : 1;
  return attributes
    .filter(({ id, name }) => id.toLowerCase().includes(sought) || name.toLowerCase().includes(sought))
    .sort((a, b) => rank(a) - rank(b))
    .slice(0, MOST)
    .map(({ id, name }) => ({ text: id, note: name, insert: `${quotedName(id)}:`, goesOn: true }));
}

const idOf = (name: string, attributes: Attribute[]) =>
  [name, `usr.${name}`, `attributes.${name}`].find((id) => attributes.some((one) => one.id === id)) ?? name;
