import { type QueryEditorHelpProps } from '@grafana/data';
import { Card } from '@grafana/ui';
import React from 'react';

import { type FootfallQuery } from '../../query/types';

interface Example {
  title: string;
  description: string;
  query: Pick<FootfallQuery, 'queryType' | 'options'>;
}

export const EXAMPLES: Example[] = [
  {
    title: 'Who was here?',
    description: 'Users with an event in the time range, those seen last first',
    query: { queryType: 'profiles', options: { activeInRange: true, includeTotal: true } },
  },
  {
    title: 'How many users came each day?',
    description: 'Unique users over time, by device',
    query: {
      queryType: 'explorer',
      options: { measures: [{ measure: 'users' }], facets: [{ attribute: 'device_type' }], interval: 'day' },
    },
  },
  {
    title: 'Which pages are viewed most?',
    description: 'Views, sessions, users and the median time on each page',
    query: { queryType: 'topPages', options: {} },
  },
  {
    title: 'How do sessions go on?',
    description: 'Pathways through the first five pages',
    query: { queryType: 'pathways', options: {} },
  },
  {
    title: 'Where do users struggle?',
    description: 'Sessions with rage, dead or error clicks',
    query: { queryType: 'sessions', options: { filter: 'session_frustrations:>0' } },
  },
  {
    title: 'What went wrong?',
    description: 'The latest errors',
    query: { queryType: 'events', options: { filter: 'type:error' } },
  },
  {
    title: 'How big are the segments?',
    description: 'All segments, with their sizes and when they were computed',
    query: { queryType: 'segments', options: {} },
  },
];

/** What Explore shows before anything was asked: examples to begin with. */
export function Examples({ query, onClickExample }: QueryEditorHelpProps<FootfallQuery>) {
  return (
    <>
      <h2>Examples</h2>
      {EXAMPLES.map((example) => (
        <Card
          key={example.title}
          onClick={() => {
            const { refId = 'A', datasource } = query ?? {};
            onClickExample({ refId, datasource, ...example.query } as FootfallQuery);
          }}
        >
          <Card.Heading>{example.title}</Card.Heading>
          <Card.Description>{example.description}</Card.Description>
        </Card>
      ))}
    </>
  );
}
