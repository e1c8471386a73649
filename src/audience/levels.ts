import { attributeNamed } from '../query/attributes';
import { type Attribute } from '../query/types.gen';

import { splitTerms } from './terms';

const NAMES = /(?:^|[\s(-])(@?)(?:"((?:[^"\\]|\\.)+)"|(\w[\w.@/-]*)):/g;
const SHORT_OF_SESSIONS = ['device', 'os', 'browser'];

/** Whether part of a filter is about sessions or events, so that the time range counts. */
export function speaksOfEvents(filter: string, attributes: Attribute[]): boolean {
  return levelsOf(filter, attributes).includes('event');
}

/** Whether the parts of a filter are about users alone, about sessions and events alone, or mixed. */
export function levelsOf(filter: string, attributes: Attribute[]): Array<'user' | 'event'> {
  const ofName = (at: string, name: string) => {
    if (at) {
      return name.startsWith('usr.') ? 'user' : 'event';
    }
    const level = attributeNamed(name, attributes)?.level;
    const isEvent = name.startsWith('attributes.') || SHORT_OF_SESSIONS.includes(name);
    return (level && level !== 'profile') || (!level && isEvent) ? 'event' : 'user';
  };
  const levels = new Set<'user' | 'event'>();
  for (const term of splitTerms(filter)) {
    if (/(^|[\s(-])has\(/.test(withoutTexts(term))) {
      levels.add('event');
      continue;
    }
    const names = [...withoutTexts(term).matchAll(NAMES)].map(([, at, quoted, name]) => ofName(at, quoted ?? name));
    names.forEach((level) => levels.add(level));
    if (names.length === 0) {
      levels.add('user'); // words
    }
  }
  return [...levels];
}

/** The text without what stands in quotes behind a colon or alone, which may look like anything. */
const withoutTexts = (term: string) => term.replace(/(^|[\s(:~<>=])"(?:[^"\\]|\\.)*"(?!:)/g, '$1x');
