import { Button, InlineField, InlineFieldRow } from '@grafana/ui';
import React from 'react';

import { ofLevel } from '../attributes';
import { type Condition, type ProfilesOptions } from '../types';

import { AnonymousOption } from './AnonymousOption';
import { ColumnOptions } from './ColumnOptions';
import { ConditionEditor } from './ConditionEditor';
import { FilterOption } from './FilterOption';
import { LABEL_WIDTH, type OptionsEditorProps, setters, SwitchOption } from './options';
import { PageOptions } from './PageOptions';
import { SearchOption } from './SearchOption';
import { SegmentOptions } from './SegmentOptions';

type Props = OptionsEditorProps<ProfilesOptions>;

/** Edits the options of a `profiles` query. */
export function ProfilesEditor(props: Props) {
  const { options, attributes, segments, onRun } = props;
  const { type, choose } = setters(props);
  return (
    <>
      <SearchOption value={options.search} onType={(search) => type({ search })} onRun={onRun} />
      <FilterOption
        value={options.filter}
        attributes={attributes}
        onType={(filter) => type({ filter })}
        onRun={onRun}
      />
      <SegmentOptions options={options} segments={segments} onChoose={choose} />
      <Conditions {...props} attributes={ofLevel(attributes, 'profile')} />
      <ColumnOptions options={options} attributes={attributes} onChoose={choose} />
      <Rows {...props} />
    </>
  );
}

function Conditions(props: Props) {
  const { options, attributes, onRun } = props;
  const { type, choose } = setters(props);
  const conditions = options.filters ?? [];
  const replaced = (index: number, condition: Condition) => ({
    filters: conditions.map((old, i) => (i === index ? condition : old)),
  });
  return (
    <>
      {conditions.map((condition, index) => (
        <ConditionEditor
          key={index}
          label={index === 0 ? 'Where' : 'and'}
          condition={condition}
          attributes={attributes}
          onChange={(changed) => choose(replaced(index, changed))}
          onType={(changed) => type(replaced(index, changed))}
          onRun={onRun}
          onRemove={() => choose({ filters: conditions.filter((_, i) => i !== index) })}
        />
      ))}
      <InlineFieldRow>
        <InlineField
          label={conditions.length === 0 ? 'Where' : ''}
          labelWidth={LABEL_WIDTH}
          transparent={conditions.length > 0}
        >
          <Button
            variant="secondary"
            icon="plus"
            onClick={() => type({ filters: [...conditions, { attribute: '', operator: '=', values: [] }] })}
          >
            Add condition
          </Button>
        </InlineField>
      </InlineFieldRow>
    </>
  );
}

function Rows(props: Props) {
  const { options, onRun } = props;
  const { type, choose } = setters(props);
  return (
    <PageOptions options={options} rows="Users" defaultLimit={100} onType={type} onRun={onRun}>
      <SwitchOption
        label="Total"
        tooltip="Count all users that match, not only those shown"
        value={options.includeTotal ?? false}
        onChange={(includeTotal) => choose({ includeTotal })}
      />
      <SwitchOption
        label="Active only"
        tooltip="Only users with an event in the time range; otherwise profiles cover all time"
        value={options.activeInRange ?? false}
        onChange={(activeInRange) => choose({ activeInRange })}
      />
      <AnonymousOption value={options.includeAnonymous} onChange={(includeAnonymous) => choose({ includeAnonymous })} />
    </PageOptions>
  );
}
