import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import React, { useState } from 'react';

import { type ExplorerOptions, STANDARD_ATTRIBUTES } from '../../query/types.gen';

import { ExplorerEditor } from './ExplorerEditor';
import { changeMeasure } from './MeasureEditor';

function setup(initial: ExplorerOptions = {}, variables: string[] = []) {
  let options = initial;
  function Editor() {
    const [shown, setShown] = useState(options);
    return (
      <ExplorerEditor
        datasource="footfall"
        options={shown}
        attributes={STANDARD_ATTRIBUTES}
        segments={[]}
        loadValues={async () => []}
        variables={variables}
        onChange={(changed) => setShown((options = changed))}
        onRun={() => {}}
      />
    );
  }
  render(<Editor />);
  return { options: () => options };
}

async function choose(control: string, option: string) {
  await userEvent.type(screen.getByLabelText(control), `${option}{Enter}`);
}

it('measures the time on page of events, and of nothing else', async () => {
  const { options } = setup({ measures: [{ measure: 'median', attribute: 'time_on_page' }] });
  expect(screen.getByText('Time on page')).toBeInTheDocument();

  await userEvent.click(screen.getByRole('radio', { name: 'Sessions' }));

  expect(options().over).toBe('sessions');
  expect(screen.queryByText('Time on page')).not.toBeInTheDocument();
});

it('edits measures: an attribute where one is needed, a filter, a name', async () => {
  const { options } = setup();
  expect(screen.queryByLabelText('Of')).not.toBeInTheDocument();

  await choose('Measure 1', 'Median');
  await choose('Of', 'Session duration');
  await userEvent.type(screen.getByLabelText('Where'), 'page:/cart');
  await userEvent.type(screen.getByLabelText('Name'), 'Time');
  await userEvent.click(screen.getByRole('button', { name: 'Add measure' }));

  expect(options().measures).toEqual([
    { measure: 'median', attribute: 'session_duration', filter: 'page:/cart', name: 'Time' },
    { measure: 'count' },
  ]);
  await userEvent.click(screen.getByRole('button', { name: 'Remove measure 1' }));
  expect(options().measures).toEqual([{ measure: 'count' }]);
});

it('edits a ratio', async () => {
  const { options } = setup({ measures: [{ measure: 'users', name: 'Share' }] });

  await choose('Measure 1', 'Ratio');
  await choose('to', 'Unique sessions');

  expect(options().measures).toEqual([
    { ratio: { of: { measure: 'users' }, to: { measure: 'sessions' } }, name: 'Share' },
  ]);
});

it('edits up to three facets', async () => {
  const { options } = setup({ facets: [{ attribute: 'page' }, { attribute: 'country' }] });

  await userEvent.click(screen.getByRole('button', { name: 'Add facet' }));
  expect(screen.queryByRole('button', { name: 'Add facet' })).not.toBeInTheDocument();
  await userEvent.click(screen.getAllByLabelText('Other')[1]);
  await userEvent.click(screen.getByRole('button', { name: 'Remove facet 3' }));

  expect(options().facets).toEqual([{ attribute: 'page' }, { attribute: 'country', other: true }]);
});

it('offers intervals, gaps and whole ones to time series alone', async () => {
  const { options } = setup();

  await choose('Interval', 'Week');
  await userEvent.click(screen.getByLabelText('Fill gaps'));
  await userEvent.click(screen.getByLabelText('Whole only'));
  expect(options()).toEqual({ interval: 'week', fill: false, whole: true });

  await userEvent.click(screen.getByLabelText('Table'));
  expect(screen.queryByLabelText('Interval')).not.toBeInTheDocument();
});

it('shows the variables that stand in it, and keeps them', async () => {
  const stored = {
    over: '$over',
    interval: '$interval',
    measures: [{ measure: '$measure' }, { measure: '$function', attribute: '$number' }, { measure: 'p95 duration' }],
    facets: [{ attribute: '$facet', limit: '$top' }],
  } as unknown as ExplorerOptions;
  const { options } = setup(stored);
  for (const variable of ['$over', '$interval', '$measure', '$function', '$number', 'p95 duration', '$facet']) {
    expect(screen.getByText(variable)).toBeInTheDocument();
  }
  expect(screen.getByLabelText('Top')).toHaveValue('$top');

  await userEvent.click(screen.getByLabelText('Other'));

  expect(options()).toEqual({ ...stored, facets: [{ attribute: '$facet', limit: '$top', other: true }] });
});

it('offers the variables of the dashboard', async () => {
  const { options } = setup({ facets: [{ attribute: 'page' }] }, ['$by', '$number']);

  for (const control of ['Over', 'Measure 1', 'By', 'Interval']) {
    await choose(control, '$num');
  }
  await userEvent.type(screen.getByLabelText('Top'), '15');

  expect(options()).toEqual({
    over: '$number',
    interval: '$number',
    measures: [{ measure: '$number' }],
    facets: [{ attribute: '$number', limit: 15 }],
  });
  await choose('Measure 1', 'p95 duration');
  expect(options().measures).toEqual([{ measure: 'p95 duration' }]);
});

it('keeps filter and name when the measure changes', () => {
  const sum = { measure: 'sum', attribute: 'duration', filter: 'page:/', name: 'X' } as const;
  expect(changeMeasure(sum, 'max')).toEqual({ ...sum, measure: 'max' });
  expect(changeMeasure(sum, 'count')).toEqual({ measure: 'count', filter: 'page:/', name: 'X' });
  const { name, ...unnamed } = sum;
  const ratio = changeMeasure(sum, 'ratio');
  expect(ratio).toEqual({ ratio: { of: unnamed, to: { measure: 'count' } }, name });
  expect(changeMeasure(ratio, 'sum')).toEqual(sum);
});
