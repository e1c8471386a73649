import { type PanelData } from '@grafana/data';
import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import React, { useState } from 'react';

import { type FootfallQuery } from '../../query/types';
import {
  type Attribute,
  type Condition,
  type OptionsByType,
  type QueryType,
  STANDARD_ATTRIBUTES,
} from '../../query/types.gen';
import { type FootfallDatasource } from '../datasource';

import { QueryEditor } from './QueryEditor';

const SEGMENTS = [
  { id: 'carts', name: 'Cart dropouts' },
  { id: 'premium', name: 'Premium' },
];

/** Renders the editor; `options()` are those after the last change. */
function setup<T extends QueryType>(
  queryType: T,
  initial: OptionsByType[T] = {},
  { getAttributes = async () => STANDARD_ATTRIBUTES, ...rest }: Partial<FootfallQuery> & Attributes = {},
  data?: object
) {
  let query = { refId: 'A', queryType, options: initial, ...rest } as FootfallQuery;
  const onRunQuery = jest.fn();
  const datasource = {
    getAttributes,
    getSegments: async () => SEGMENTS,
    getReferences: () => [],
    getValues: async () => [{ value: 'Check out', text: 'Check out', count: null }],
  } as unknown as FootfallDatasource;
  function Editor() {
    const [shown, setShown] = useState(query);
    return (
      <QueryEditor
        datasource={datasource}
        query={shown}
        data={data as PanelData}
        onChange={(changed) => setShown((query = changed))}
        onRunQuery={onRunQuery}
      />
    );
  }
  render(<Editor />);
  return { query: () => query, options: () => query.options as OptionsByType[T], onRunQuery };
}

interface Attributes {
  getAttributes?: () => Promise<Attribute[]>;
}

async function choose(control: string, option: string) {
  await userEvent.type(screen.getByLabelText(control), `${option}{Enter}`);
}

it('searches when the field is left', async () => {
  const { options, onRunQuery } = setup('profiles');

  await userEvent.type(screen.getByLabelText('Search'), 'ann');
  expect(onRunQuery).not.toHaveBeenCalled();
  await userEvent.tab();

  expect(options()).toEqual({ search: 'ann' });
  expect(onRunQuery).toHaveBeenCalledTimes(1);
});

it('shows users where a stored query has no type', async () => {
  setup('' as QueryType);
  expect(screen.getByLabelText('Search')).toBeInTheDocument();
});

it('warns of a type that it does not know, and keeps it until another is chosen', async () => {
  const { query } = setup('funnel' as QueryType, { steps: [1] } as never);
  expect(screen.getByText(/does not know the query "funnel"/)).toBeInTheDocument();
  expect(query()).toMatchObject({ queryType: 'funnel', options: { steps: [1] } });

  await choose('Query', 'Sessions');
  expect(query()).toMatchObject({ queryType: 'sessions', options: {} });
  expect(screen.queryByText(/does not know/)).not.toBeInTheDocument();
});

it('does not search again when nothing was typed', async () => {
  const { onRunQuery } = setup('profiles', { search: 'ann' });

  await userEvent.click(screen.getByLabelText('Search'));
  await userEvent.tab();

  expect(onRunQuery).not.toHaveBeenCalled();
});

it('builds a condition', async () => {
  const { options } = setup('profiles');

  await userEvent.click(screen.getByRole('button', { name: 'Add condition' }));
  await userEvent.type(screen.getByLabelText('Attribute'), 'Last country{Enter}');
  await userEvent.type(screen.getByLabelText('Values'), 'BR{Enter}');
  await userEvent.type(screen.getByLabelText('Values'), 'DE{Enter}');

  expect(options().filters).toEqual([{ attribute: 'last_country', operator: '=', values: ['BR', 'DE'] }]);

  await userEvent.click(screen.getByRole('button', { name: 'Remove condition' }));
  expect(options().filters).toEqual([]);
});

it("runs a condition's value on Enter and when it is left, if it was changed", async () => {
  const { options, onRunQuery } = setup('profiles', {
    filters: [{ attribute: 'last_city', operator: 'contains', values: ['São'] }],
  });

  await userEvent.click(screen.getByLabelText('Value'));
  await userEvent.tab();
  expect(onRunQuery).not.toHaveBeenCalled();

  await userEvent.type(screen.getByLabelText('Value'), ' Paulo');
  expect(onRunQuery).not.toHaveBeenCalled();
  await userEvent.keyboard('{Enter}');
  expect(onRunQuery).toHaveBeenCalledTimes(1);
  await userEvent.tab();
  expect(onRunQuery).toHaveBeenCalledTimes(1);

  await userEvent.clear(screen.getByLabelText('Value'));
  await userEvent.tab();
  expect(onRunQuery).toHaveBeenCalledTimes(2);
  expect(options().filters).toEqual([{ attribute: 'last_city', operator: 'contains', values: [] }]);
});

it('offers the custom attributes of the store', async () => {
  const custom: Attribute = { id: 'usr.plan', name: 'usr.plan', level: 'profile', type: 'text' };
  const { options } = setup('profiles', {}, { getAttributes: async () => [...STANDARD_ATTRIBUTES, custom] });

  await userEvent.type(screen.getByLabelText('Columns'), 'usr.plan');
  await userEvent.click(await screen.findByText('usr.plan', { selector: '[role=option] *, [role=option]' }));

  expect(options().columns).toEqual(['usr.plan']);
});

it('works with the standard attributes where the store does not answer', async () => {
  const { options } = setup('profiles', {}, { getAttributes: () => Promise.reject(new Error('unreachable')) });

  await userEvent.type(screen.getByLabelText('Sort by'), 'Sessions{Enter}');

  expect(options().sort).toEqual({ column: 'sessions', descending: true });
});

it('sets the page and the switches', async () => {
  const { options } = setup('profiles');

  await userEvent.type(screen.getByLabelText('Limit'), '25');
  await userEvent.type(screen.getByLabelText('Offset'), '50');
  await userEvent.click(screen.getByLabelText('Total'));
  await userEvent.click(screen.getByLabelText('Anonymous'));

  expect(options()).toEqual({ limit: 25, offset: 50, includeTotal: true, includeAnonymous: true });
});

it('completes names and values in the filter, and runs it once', async () => {
  const { options, onRunQuery } = setup('events', { filter: 'country:BR' });

  await userEvent.type(screen.getByLabelText('Filter'), ' view_n');
  await userEvent.click(await screen.findByRole('option', { name: /^view_name/ }));
  await userEvent.click(await screen.findByRole('option', { name: 'Check out' }));
  expect(onRunQuery).not.toHaveBeenCalled();
  await userEvent.keyboard('{Enter}');

  expect(options()).toEqual({ filter: 'country:BR view_name:"Check out"' });
  expect(onRunQuery).toHaveBeenCalledTimes(1);
});

it.each(['$country', '${country:csv}'])('takes %s in a filter, and offers nothing in its place', async (variable) => {
  const { options, onRunQuery } = setup('events');

  await userEvent.type(screen.getByLabelText('Filter'), `country:${variable.replace('{', '{{')}`);
  expect(screen.queryByRole('option')).not.toBeInTheDocument();
  await userEvent.tab();

  expect(options()).toEqual({ filter: `country:${variable}` });
  expect(onRunQuery).toHaveBeenCalledTimes(1);
});

it('says below the filter what the last run found wrong in it, until it is another one', async () => {
  const data = (filter: string) => ({
    request: { targets: [{ refId: 'A', options: { filter } }] },
    errors: [{ refId: 'A', message: 'options.filter is wrong: at 12: unknown attribute `contry`' }],
  });
  setup('events', { filter: 'country:BR contry:DE' }, {}, data('country:BR contry:DE'));
  expect(screen.getByText('at 12: unknown attribute `contry`')).toBeInTheDocument();

  await userEvent.type(screen.getByLabelText('Filter'), 'x');
  expect(screen.queryByText(/unknown attribute/)).not.toBeInTheDocument();
});

it('changes the type and keeps the filter', async () => {
  const { query, onRunQuery } = setup('events', { filter: 'country:BR', limit: 5 });

  await choose('Query', 'Pathways');

  expect(query()).toEqual({ refId: 'A', queryType: 'pathways', options: { filter: 'country:BR' } });
  expect(onRunQuery).toHaveBeenCalled();
});

it('shows the filters that came from a dashboard, and removes them', async () => {
  const adHocFilters: Condition[] = [{ attribute: 'country', operator: '=', values: ['BR'] }];
  const { query } = setup('events', {}, { adHocFilters });
  expect(screen.getByLabelText('Dashboard filters')).toHaveValue('country = BR');

  await userEvent.click(screen.getByRole('button', { name: 'Remove dashboard filters' }));

  expect(query().adHocFilters).toBeUndefined();
});

it('edits a user and whom to compare with', async () => {
  const { options } = setup('profile');

  await userEvent.type(screen.getByLabelText('User'), '42');
  await userEvent.click(screen.getByLabelText('Anonymous id'));
  await userEvent.type(screen.getByLabelText('Compare with'), 'plan:pro');

  expect(options()).toEqual({ user: '42', anonymous: true, filter: 'plan:pro' });
});

it.each(['topPages', 'topActions'] as const)('edits %s', async (queryType) => {
  const { options } = setup(queryType);

  await userEvent.type(screen.getByLabelText('User'), '42');
  await userEvent.type(screen.getByLabelText('Limit'), '5');
  await userEvent.click(screen.getByLabelText('Anonymous'));

  expect(options()).toEqual({ user: '42', limit: 5, includeAnonymous: true });
});

it('edits sessions, and keeps the pathway of a link until it is removed', async () => {
  const pathway = { options: { anchor: 'start' as const }, link: { step: 2, from: '/cart', to: '/checkout' } };
  const { options } = setup('sessions', { pathway });
  expect(screen.getByLabelText('Pathway')).toHaveValue('step 2: /cart → /checkout');

  await choose('Sort by', 'Duration');
  await userEvent.click(screen.getByLabelText('Ascending'));
  expect(options()).toEqual({ pathway, sort: { column: 'duration', descending: false } });

  await userEvent.click(screen.getByRole('button', { name: 'Remove pathway' }));
  expect(options().pathway).toBeUndefined();
});

it('edits a session by id, or by user and start', async () => {
  const { options } = setup('session');

  await userEvent.type(screen.getByLabelText('Session'), 's1');
  await userEvent.type(screen.getByLabelText('User'), '42');
  await userEvent.type(screen.getByLabelText('Start'), '2026-01-31');

  expect(options()).toEqual({ session: 's1', user: '42', start: '2026-01-31' });
});

it('edits events, of anonymous users too unless they are switched off', async () => {
  const { options } = setup('events');

  await userEvent.click(screen.getByLabelText('Anonymous'));

  expect(options()).toEqual({ includeAnonymous: false });
});

it('edits pathways: a page where one is needed, patterns and sizes', async () => {
  const { options } = setup('pathways');
  expect(screen.queryByLabelText('Page')).not.toBeInTheDocument();

  await userEvent.click(screen.getByLabelText('After a page'));
  await userEvent.type(screen.getByLabelText('Page'), '/cart');
  await userEvent.click(screen.getByLabelText('Users'));
  await choose('Merge pages', '/product/*');
  await choose('Hide pages', '/login*');
  await userEvent.click(screen.getByLabelText('First visit only'));
  await userEvent.type(screen.getByLabelText('Steps'), '3');

  expect(options()).toEqual({
    anchor: 'after',
    page: '/cart',
    unit: 'user',
    groups: ['/product/*'],
    hide: ['/login*'],
    repeats: 'first',
    steps: 3,
  });
});

it('compares pathways with those of others, or of everybody', async () => {
  const { options } = setup('pathways', { filter: 'device:mobile' });
  expect(screen.queryByLabelText('Filter of others')).not.toBeInTheDocument();

  await userEvent.click(screen.getByLabelText('Compare'));
  expect(options()).toEqual({ filter: 'device:mobile', compare: {} });
  await choose('Others in segments', 'Cart dropouts');
  await choose('Others not in segments', 'Premium');
  await userEvent.type(screen.getByLabelText('Filter of others'), 'device:desktop');
  const compare = { filter: 'device:desktop', includeSegments: ['carts'], excludeSegments: ['premium'] };
  expect(options()).toEqual({ filter: 'device:mobile', compare });

  await userEvent.click(screen.getByLabelText('Compare'));
  expect(options()).toEqual({ filter: 'device:mobile' });
});

it('edits values', async () => {
  const { options } = setup('values');

  await choose('Attribute', 'Country');
  await userEvent.type(screen.getByLabelText('Search'), 'B');

  expect(options()).toEqual({ attribute: expect.stringMatching(/country$/), search: 'B' });
});

it('edits annotations', async () => {
  const { options } = setup('annotations');

  await userEvent.click(screen.getByLabelText('Events'));
  await userEvent.type(screen.getByLabelText('Filter'), 'type:error');

  expect(options()).toEqual({ kind: 'events', filter: 'type:error' });
});

it('shows a definition as its sentence, and opens the builder on it', async () => {
  const definition = { where: { users: 'usr.plan:pro' } };
  setup('events', { includeSegments: [definition] });
  expect(screen.getByText(/^have .*plan is pro$/)).toBeInTheDocument();
  await userEvent.click(screen.getByRole('button', { name: 'Edit' }));
  expect(await screen.findByTestId('condition')).toHaveTextContent(/have .*plan is pro/);
});

it('narrows by segments, variables and definitions among them', async () => {
  const definition = { where: { users: 'usr.plan:pro' } };
  const { options, onRunQuery } = setup('events', { excludeSegments: [definition] });

  await choose('In segments', 'Cart dropouts');
  await choose('In segments', '$segment');
  await choose('Not in segments', 'Premium');

  expect(options()).toEqual({ includeSegments: ['carts', '$segment'], excludeSegments: [definition, 'premium'] });
  expect(onRunQuery).toHaveBeenCalledTimes(3);
});

it.each([
  'profiles',
  'profile',
  'topPages',
  'topActions',
  'sessions',
  'session',
  'events',
  'pathways',
  'explorer',
  'activeUsers',
  'annotations',
] as const)('offers segments to narrow %s', async (queryType) => {
  setup(queryType);

  expect(await screen.findByLabelText('In segments')).toBeInTheDocument();
  expect(screen.getByLabelText('Not in segments')).toBeInTheDocument();
});

it('edits active users: which numbers', async () => {
  const { options } = setup('activeUsers');

  await choose('Numbers', '28 days');
  await choose('Numbers', 'New users');
  expect(options()).toEqual({ show: ['active28', 'new'] });
  await userEvent.click(screen.getByLabelText('Anonymous'));
  expect(options()).toEqual({ show: ['active28', 'new'], includeAnonymous: true });
});

it('edits the members of a segment', async () => {
  const { options } = setup('segmentMembers');

  await choose('Segment', 'Premium');
  await userEvent.type(screen.getByLabelText('Search'), 'ann');
  await userEvent.type(screen.getByLabelText('Sort by'), 'Sessions{Enter}');
  await userEvent.type(screen.getByLabelText('Limit'), '5');

  expect(options()).toEqual({
    segment: 'premium',
    search: 'ann',
    sort: { column: 'sessions', descending: true },
    limit: 5,
  });
});

it('edits the sizes of segments', async () => {
  const { options } = setup('segmentSize');

  await choose('Segments', 'Premium');

  expect(options()).toEqual({ segments: ['premium'] });
});
