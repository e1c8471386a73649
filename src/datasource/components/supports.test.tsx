import { type QueryEditorProps } from '@grafana/data';
import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import React, { type ComponentType } from 'react';

import { isComplete } from '../../query/queries';
import { type FootfallQuery } from '../../query/types';
import { STANDARD_ATTRIBUTES } from '../../query/types.gen';
import { type VariableQuery } from '../../query/variableQuery';
import { type FootfallDatasource } from '../datasource';
import { type FootfallSettings } from '../types';

import { AnnotationEditor } from './AnnotationsEditor';
import { EXAMPLES, Examples } from './Examples';
import { VariableEditor } from './VariableEditor';

const datasource = {
  getAttributes: async () => STANDARD_ATTRIBUTES,
  getSegments: async () => [{ id: 'carts', name: 'Cart dropouts' }],
  getReferences: () => [],
} as unknown as FootfallDatasource;

it('hands a variable over when its search text is left', async () => {
  const onChange = jest.fn();
  // What Grafana passes for a new variable.
  const query = '' as unknown as VariableQuery;
  render(<VariableEditor datasource={datasource} query={query} onChange={onChange} onRunQuery={() => {}} />);

  await userEvent.type(screen.getByLabelText('Attribute'), 'User ID{Enter}');
  await userEvent.type(screen.getByLabelText('Search'), 'ann');
  expect(onChange).toHaveBeenCalledTimes(1);
  await userEvent.tab();

  expect(onChange).toHaveBeenLastCalledWith({
    refId: 'Variable',
    queryType: 'values',
    options: { attribute: 'user_id', search: 'ann' },
  });
});

it('lists segments in a variable', async () => {
  const onChange = jest.fn();
  const query: VariableQuery = { refId: 'Variable', queryType: 'values', options: { attribute: 'country' } };
  render(<VariableEditor datasource={datasource} query={query} onChange={onChange} onRunQuery={() => {}} />);

  await userEvent.click(screen.getByLabelText('Segments'));

  expect(onChange).toHaveBeenCalledWith({ refId: 'Variable', queryType: 'segments', options: {} });
  expect(screen.queryByLabelText('Attribute')).not.toBeInTheDocument();
});

it('shows the query of the data source that is chosen', () => {
  const of = (uid: string, attribute: string) => ({
    datasource: { ...datasource, uid } as FootfallDatasource,
    query: { refId: 'Variable', queryType: 'values', options: { attribute, search: uid } } as VariableQuery,
    onChange: () => {},
    onRunQuery: () => {},
  });
  const { rerender } = render(<VariableEditor {...of('one', 'country')} />);
  expect(screen.getByLabelText('Search')).toHaveValue('one');
  rerender(<VariableEditor {...of('two', 'page')} />);
  expect(screen.getByLabelText('Search')).toHaveValue('two');
});

it('edits annotations in place of any other query', async () => {
  const onChange = jest.fn();
  const Editor = AnnotationEditor as ComponentType<
    QueryEditorProps<FootfallDatasource, FootfallQuery, FootfallSettings>
  >;
  const query: FootfallQuery = { refId: 'Anno', queryType: 'profiles', options: { limit: 5 } };
  render(<Editor datasource={datasource} query={query} onChange={onChange} onRunQuery={() => {}} />);

  await userEvent.click(screen.getByLabelText('First seen'));

  expect(onChange).toHaveBeenCalledWith({ refId: 'Anno', queryType: 'annotations', options: { kind: 'firstSeen' } });
});

it('offers examples that can run', async () => {
  const onClickExample = jest.fn();
  render(<Examples datasource={datasource} onClickExample={onClickExample} query={{ refId: 'B' } as FootfallQuery} />);
  expect(EXAMPLES.every(({ query }) => isComplete(query as FootfallQuery))).toBe(true);

  await userEvent.click(screen.getByText(EXAMPLES[1].title));

  expect(onClickExample).toHaveBeenCalledWith({ refId: 'B', ...EXAMPLES[1].query });
});
