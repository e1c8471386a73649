import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import React, { useState } from 'react';

import { STANDARD_ATTRIBUTES } from '../attributes';
import { type FootfallDatasource } from '../datasource';
import { type FootfallQuery, type ProfilesOptions } from '../types';

import { QueryEditor } from './QueryEditor';

/** Renders the editor; `options()` are those after the last change. */
function setup(initial: ProfilesOptions = {}, getAttributes = async () => STANDARD_ATTRIBUTES) {
  let query: FootfallQuery = { refId: 'A', queryType: 'profiles', options: initial };
  const onRunQuery = jest.fn();
  function Editor() {
    const [shown, setShown] = useState(query);
    return (
      <QueryEditor
        datasource={{ getAttributes } as FootfallDatasource}
        query={shown}
        onChange={(changed) => setShown((query = changed))}
        onRunQuery={onRunQuery}
      />
    );
  }
  render(<Editor />);
  return { options: () => query.options, onRunQuery };
}

it('searches when the field is left', async () => {
  const { options, onRunQuery } = setup();

  await userEvent.type(screen.getByLabelText('Search'), 'ann');
  expect(onRunQuery).not.toHaveBeenCalled();
  await userEvent.tab();

  expect(options()).toEqual({ search: 'ann' });
  expect(onRunQuery).toHaveBeenCalled();
});

it('builds a filter', async () => {
  const { options } = setup();

  await userEvent.click(screen.getByRole('button', { name: 'Add filter' }));
  await userEvent.type(screen.getByLabelText('Attribute'), 'Last country{Enter}');
  await userEvent.type(screen.getByLabelText('Values'), 'BR{Enter}');
  await userEvent.type(screen.getByLabelText('Values'), 'DE{Enter}');

  expect(options().filters).toEqual([{ attribute: 'last_country', operator: '=', values: ['BR', 'DE'] }]);

  await userEvent.click(screen.getByRole('button', { name: 'Remove filter' }));
  expect(options().filters).toEqual([]);
});

it('offers the custom attributes of the store', async () => {
  const { options } = setup({}, async () => [
    ...STANDARD_ATTRIBUTES,
    { id: 'usr.plan', name: 'usr.plan', type: 'text' },
  ]);

  await userEvent.type(screen.getByLabelText('Columns'), 'usr.plan');
  await userEvent.click(await screen.findByText('usr.plan', { selector: '[role=option] *, [role=option]' }));

  expect(options().columns).toEqual(['usr.plan']);
});

it('works with the standard attributes where the store does not answer', async () => {
  const { options } = setup({}, () => Promise.reject(new Error('unreachable')));

  await userEvent.type(screen.getByLabelText('Sort by'), 'Sessions{Enter}');

  expect(options().sort).toEqual({ column: 'sessions', descending: true });
});

it('sets the page and the switches', async () => {
  const { options } = setup();

  await userEvent.type(screen.getByLabelText('Limit'), '25');
  await userEvent.type(screen.getByLabelText('Offset'), '50');
  await userEvent.click(screen.getByLabelText('Total'));
  await userEvent.click(screen.getByLabelText('Anonymous'));

  expect(options()).toEqual({ limit: 25, offset: 50, includeTotal: true, includeAnonymous: true });
});
