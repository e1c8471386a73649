/** How a segment is used elsewhere: what to copy, and what that is for. */
import { formatValueTerm } from '../../audience/terms';
import { type TextKey } from '../../text';

export interface Use {
  title: TextKey;
  help: TextKey;
  text: string;
  /** What can be looked at in Explore. */
  query?: object;
}

const query = (queryType: string, options: object) => ({ queryType, options });

export function usesOf(id: string): Use[] {
  const users = query('profiles', { includeSegments: [id] });
  const events = query('explorer', {
    ...{ over: 'sessions', measures: [{ measure: 'count' }], format: 'timeseries', includeSegments: [id] },
  });
  const size = query('segmentSize', { segments: [id] });
  const byVariable = query('profiles', { includeSegments: ['$segment'] });
  return [
    {
      ...{ title: 'uses.filter', help: 'uses.filterHelp' },
      text: formatValueTerm({ attribute: 'segment', not: false, values: [id] }),
    },
    { title: 'uses.users', help: 'uses.usersHelp', text: asText(users), query: users },
    { title: 'uses.sessions', help: 'uses.sessionsHelp', text: asText(events), query: events },
    { title: 'uses.variable', help: 'uses.variableHelp', text: asText(byVariable) },
    { title: 'uses.alert', help: 'uses.alertHelp', text: asText(size), query: size },
  ];
}

/** In one line, as people write it. */
const asText = (value: object) => JSON.stringify(value, null, 1).replace(/\n\s*/g, ' ');
