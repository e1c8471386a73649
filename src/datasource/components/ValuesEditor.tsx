import { type QueryEditorProps } from '@grafana/data';
import { InlineFieldRow } from '@grafana/ui';
import React, { useRef, useState } from 'react';

import { type FootfallDatasource } from '../datasource';
import { type FootfallQuery, type FootfallSettings, type QueryOf, type ValuesOptions } from '../types';
import { variableQuery } from '../variables';

import { AttributeOption, NumberOption, type OptionsEditorProps, setters, TextOption } from './options';
import { useAttributes } from './useAttributes';

/** Edits the options of a `values` query. */
export function ValuesEditor(props: OptionsEditorProps<ValuesOptions>) {
  const { options, attributes, onRun } = props;
  const { type, choose } = setters(props);
  const ofUsers = options.attribute === 'user_id';
  return (
    <>
      <InlineFieldRow>
        <AttributeOption
          label="Attribute"
          tooltip="Whose values are listed. User ID lists users, shown by name"
          width={32}
          attributes={attributes}
          value={options.attribute}
          onChange={(attribute) => choose({ attribute })}
        />
      </InlineFieldRow>
      <InlineFieldRow>
        <TextOption
          label="Search"
          tooltip={ofUsers ? "Any part of a user's id, name or e-mail" : 'How the values begin, in any case'}
          placeholder={ofUsers ? 'Part of an id, name or e-mail, or $variable' : 'Beginning of a value, or $variable'}
          value={options.search}
          onType={(search) => type({ search })}
          onRun={onRun}
        />
        <NumberOption
          label="Limit"
          labelWidth="auto"
          tooltip="Values at most, up to 1,000"
          min={1}
          max={1000}
          placeholder="50"
          value={options.limit}
          onType={(limit) => type({ limit })}
          onRun={onRun}
        />
      </InlineFieldRow>
    </>
  );
}

type VariableProps = QueryEditorProps<FootfallDatasource, FootfallQuery, FootfallSettings, QueryOf<'values'>>;

/** Edits a dashboard variable's query. Grafana asks it at each change, so texts are handed over when they are left. */
export function VariableEditor({ datasource, query: stored, onChange }: VariableProps) {
  const attributes = useAttributes(datasource);
  const query = variableQuery(stored);
  const [options, setOptions] = useState(query.options);
  const latest = useRef(options);
  return (
    <ValuesEditor
      options={options}
      attributes={attributes}
      onChange={(changed) => {
        latest.current = changed;
        setOptions(changed);
      }}
      onRun={() => onChange({ ...query, options: latest.current })}
    />
  );
}
