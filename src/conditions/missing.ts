/** What a condition still lacks, so that it counts for nothing. */
import { parseBegun } from '../audience/clause';
import { type TextKey } from '../text';

import { eventOf, type Happening, isNamedEvent, parseEvent } from './event';
import { type Row } from './tree';

type What = 'attribute' | 'value' | Happening | 'segment' | 'table';

export interface Missing {
  what: What;
  /** The step that lacks it, from 1, where there are several. */
  step?: number;
}

/** Undefined of a row that says all that it must. */
export function missingOf(row: Row): Missing | undefined {
  switch (row.kind) {
    case 'users':
      return !row.filter.trim() ? { what: 'attribute' } : parseBegun(row.filter) && { what: 'value' };
    case 'did':
      return missingOfEvent(row.did.event);
    case 'sequence':
    case 'through': {
      const events = row.sequence.steps.map(eventOf);
      const at = events.findIndex((event) => !isNamedEvent(event));
      return at < 0 ? undefined : { ...missingOfEvent(events[at])!, step: at + 1 };
    }
    case 'segment':
      return row.segment ? undefined : { what: 'segment' };
    case 'table':
      return row.table ? undefined : { what: 'table' };
  }
}

const missingOfEvent = (event: string): Missing | undefined =>
  isNamedEvent(event) ? undefined : { what: parseEvent(event).what };

/** Its name among the texts. */
export const missingText = ({ what }: Missing): TextKey => `builder.missing.${what}`;
