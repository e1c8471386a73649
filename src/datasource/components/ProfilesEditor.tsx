import { Button, InlineField, InlineFieldRow } from '@grafana/ui';
import React from 'react';

import { ofLevel } from '../attributes';
import { type Condition, type ProfilesOptions, type Sort } from '../types';

import { AnonymousOption } from './AnonymousOption';
import { attributeOptions } from './attributeOptions';
import { ConditionEditor } from './ConditionEditor';
import { FilterOption } from './FilterOption';
import { LABEL_WIDTH, ListOption, type OptionsEditorProps, setters, SwitchOption, TextOption } from './options';
import { PageOptions } from './PageOptions';
import { SortOption } from './SortOption';

const DEFAULT_SORT: Sort = { column: 'last_seen', descending: true };

type Props = OptionsEditorProps<ProfilesOptions>;

/** Edits the options of a `profiles` query. */
export function ProfilesEditor(props: Props) {
  const { options, attributes, onRun } = props;
  const { type } = setters(props);
  return (
    <>
      <InlineFieldRow>
        <TextOption
          label="Search"
          tooltip="Part of a user's id, name or e-mail, in any case"
          placeholder="Part of an id, name or e-mail, or $variable"
          value={options.search}
          onType={(search) => type({ search })}
          onRun={onRun}
        />
      </InlineFieldRow>
      <FilterOption
        value={options.filter}
        attributes={attributes}
        onType={(filter) => type({ filter })}
        onRun={onRun}
      />
      <Conditions {...props} attributes={ofLevel(attributes, 'profile')} />
      <Shown {...props} attributes={ofLevel(attributes, 'profile')} />
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

function Shown(props: Props) {
  const { options, attributes } = props;
  const { choose } = setters(props);
  const columns = attributeOptions(attributes);
  return (
    <>
      <InlineFieldRow>
        <ListOption
          label="Columns"
          tooltip="In this order; none chosen shows all"
          placeholder="All"
          choices={columns}
          value={options.columns}
          onChange={(chosen) => choose({ columns: chosen })}
        />
      </InlineFieldRow>
      <SortOption value={options.sort ?? DEFAULT_SORT} columns={columns} onChange={(sort) => choose({ sort })} />
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
