import { type QueryEditorProps } from '@grafana/data';
import { InlineFieldRow } from '@grafana/ui';
import React, { useRef, useState } from 'react';

import { useAttributes } from '../../api/datasource';
import { type FootfallQuery } from '../../query/types';
import { STANDARD_ATTRIBUTES } from '../../query/types.gen';
import { type VariableQuery, variableQuery } from '../../query/variableQuery';
import { type FootfallDatasource } from '../datasource';
import { type FootfallSettings } from '../types';

import { type Choice, RadioOption } from './options';
import { ValuesEditor } from './ValuesEditor';

const LISTS: Array<Choice<VariableQuery['queryType']>> = [
  { value: 'values', label: 'Values of an attribute' },
  { value: 'segments', label: 'Segments', description: 'All segments, shown by name' },
];

type Props = QueryEditorProps<FootfallDatasource, FootfallQuery, FootfallSettings, VariableQuery>;

/** Edits a dashboard variable's query. What was typed for one data source is not shown on another. */
export function VariableEditor(props: Props) {
  return <OneEditor key={props.datasource.uid} {...props} />;
}

/** Grafana asks the query at each change, so texts are handed over when they are left. */
function OneEditor({ datasource, query: stored, onChange }: Props) {
  const attributes = useAttributes(datasource, STANDARD_ATTRIBUTES);
  const [query, setQuery] = useState(() => variableQuery(stored));
  const latest = useRef(query);
  const type = (changed: VariableQuery) => {
    latest.current = changed;
    setQuery(changed);
  };
  const run = () => onChange(latest.current);
  return (
    <>
      <InlineFieldRow>
        <RadioOption
          label="List"
          choices={LISTS}
          value={query.queryType}
          onChange={(queryType) => {
            type({ ...query, queryType, options: {} });
            run();
          }}
        />
      </InlineFieldRow>
      {query.queryType === 'values' && (
        <ValuesEditor
          options={query.options}
          attributes={attributes}
          onChange={(options) => type({ ...query, options })}
          onRun={run}
        />
      )}
    </>
  );
}
