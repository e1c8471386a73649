import { InlineFieldRow } from '@grafana/ui';
import React from 'react';

import { type ValuesOptions } from '../../query/types.gen';

import { AttributeOption, NumberOption, type OptionsEditorProps, setters, TextOption } from './options';

/** Edits the options of a `values` query. */
export function ValuesEditor(props: Omit<OptionsEditorProps<ValuesOptions>, 'datasource' | 'segments' | 'loadValues'>) {
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
