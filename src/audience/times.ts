/** Conditions on times as people say them: since so many days, or longer ago. */
import { type Attribute } from '../query/types.gen';
import { t } from '../text';

import { splitName } from './terms';

/** What is offered behind the name of a time, as it is written. */
export const TIMES = ['>=now-1d', '>=now-7d', '>=now-30d', '<now-30d'];

/** "in the last 7 days" of `>=now-7d`; undefined for every other comparison. */
export function timeText(compared: string): string | undefined {
  const [, operator, days] = /^([<>])=?now-(\d+)d$/.exec(compared) ?? [];
  if (!days) {
    return undefined;
  }
  const plural = days === '1' ? 'day' : 'days';
  return t(operator === '>' ? `time.last.${plural}` : `time.before.${plural}`, { days });
}

/** A condition on a time in words: "Last seen: in the last 7 days". */
export function timeTermText(term: string, attributes: Attribute[]): string | undefined {
  const { not, attribute: id, rest } = splitName(term) ?? {};
  const attribute = attributes.find((one) => one.id === id && one.type === 'time');
  const text = attribute && rest && timeText(rest);
  return text && `${attribute.name}: ${not ? 'not ' : ''}${text}`;
}
