import { useEffect, useState } from 'react';

import { type LoadValues, type Typed } from '../audience/completion';
import { quoted, quotedName } from '../audience/terms';
import { TIMES, timeText } from '../audience/times';
import { attributeNamed } from '../query/attributes';
import { type Attribute, type AttributeValue } from '../query/types.gen';

import { holdersText } from './holders';

/** Something that can stand at the place typed at. */
export interface Suggestion {
  text: string;
  /** What is written for it. */
  insert: string;
  note?: string;
  /** More is to be typed behind it. */
  goesOn: boolean;
}

/** How many are shown. */
const MOST = 30;
/** How long typing may pause before values are asked for, in milliseconds. */
const PAUSE = 200;

/** Names of attributes, or values of one, those used most first, as far as they fit what is typed. */
export function useSuggestions(load: LoadValues, attributes: Attribute[], typed: Typed | undefined): Suggestion[] {
  const [values, setValues] = useState<{ by: LoadValues; of: string; list: AttributeValue[] }>();
  const named = typed?.kind === 'value' ? attributeNamed(typed.attribute!, attributes) : undefined;
  const isTime = named?.type === 'time';
  const attribute = typed?.kind === 'value' && !isTime ? (named?.id ?? typed.attribute!) : undefined;
  const search = typed?.text ?? '';
  const of = JSON.stringify([attribute, search]);
  useEffect(() => {
    if (!attribute) {
      return;
    }
    let current = true;
    const show = (list: AttributeValue[]) => current && setValues({ by: load, of, list });
    const timer = setTimeout(() => {
      load(attribute, search, MOST + 1).then(show, () => show([]));
    }, PAUSE);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [load, attribute, search, of]);

  if (typed?.kind === 'name') {
    return namesLike(attributes, typed.text);
  }
  if (isTime) {
    return search ? [] : TIMES.map((time) => ({ text: timeText(time)!, note: time, insert: time, goesOn: false }));
  }
  if (!attribute || values?.by !== load || values.of !== of) {
    return [];
  }
  return values.list
    .filter(({ value }) => value !== search)
    .slice(0, MOST)
    .map(({ value, text, count }) => ({
      text: text && text !== value ? `${text} (${value})` : value,
      insert: quoted(value),
      note: count === null ? undefined : holdersText(count, attribute, attributes),
      goesOn: false,
    }));
}

/** Attributes whose id or name contains a text, those that begin with it first. */
function namesLike(attributes: Attribute[], text: string): Suggestion[] {
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
