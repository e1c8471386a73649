import {
  Button,
  InlineField,
  InlineFieldRow,
  InlineSwitch,
  Input,
  MultiSelect,
  RadioButtonGroup,
  Select,
} from '@grafana/ui';
import React from 'react';

import { parseNumber } from '../settings';
import { type ProfileAttribute, type ProfileFilter, type ProfilesOptions, type ProfileSort } from '../types';

import { attributeOptions, chosenOption } from './attributeOptions';
import { FilterEditor } from './FilterEditor';

const LABEL_WIDTH = 12;
const DEFAULT_SORT: ProfileSort = { column: 'last_seen', descending: true };
const DIRECTIONS = [
  { value: true, label: 'Descending' },
  { value: false, label: 'Ascending' },
];

interface Props {
  options: ProfilesOptions;
  attributes: ProfileAttribute[];
  /** Takes the whole new options. */
  onChange: (options: ProfilesOptions) => void;
  /** Runs the query: after each choice, and when a text field is left. */
  onRun: () => void;
}

/** Edits the options of a `profiles` query. */
export function ProfilesEditor(props: Props) {
  const { options, onRun } = props;
  const change = (changed: Partial<ProfilesOptions>) => props.onChange({ ...options, ...changed });
  const choose = (changed: Partial<ProfilesOptions>) => {
    change(changed);
    onRun();
  };
  return (
    <>
      <InlineFieldRow>
        <InlineField
          label="Search"
          labelWidth={LABEL_WIDTH}
          tooltip="Part of a user's id, name or e-mail, in any case"
          grow
        >
          <Input
            aria-label="Search"
            placeholder="Part of an id, name or e-mail, or $variable"
            value={options.search ?? ''}
            onChange={(event) => change({ search: event.currentTarget.value || undefined })}
            onBlur={onRun}
          />
        </InlineField>
      </InlineFieldRow>
      <Filters {...props} onChange={choose} onType={change} />
      <Shown {...props} onChange={choose} />
      <Page {...props} onChange={choose} onType={change} />
    </>
  );
}

interface PartProps extends Omit<Props, 'onChange'> {
  onChange: (changed: Partial<ProfilesOptions>) => void;
}

interface TypingProps extends PartProps {
  /** A change that waits for the field to be left before the query runs. */
  onType: (changed: Partial<ProfilesOptions>) => void;
}

function Filters({ options, attributes, onChange, onType, onRun }: TypingProps) {
  const filters = options.filters ?? [];
  const replaced = (index: number, filter: ProfileFilter) => ({
    filters: filters.map((old, i) => (i === index ? filter : old)),
  });
  return (
    <>
      {filters.map((filter, index) => (
        <FilterEditor
          key={index}
          label={index === 0 ? 'Filter' : 'and'}
          filter={filter}
          attributes={attributes}
          onChange={(changed) => onChange(replaced(index, changed))}
          onType={(changed) => onType(replaced(index, changed))}
          onRun={onRun}
          onRemove={() => onChange({ filters: filters.filter((_, i) => i !== index) })}
        />
      ))}
      <InlineFieldRow>
        <InlineField
          label={filters.length === 0 ? 'Filter' : ''}
          labelWidth={LABEL_WIDTH}
          transparent={filters.length > 0}
        >
          <Button
            variant="secondary"
            icon="plus"
            onClick={() => onType({ filters: [...filters, { attribute: '', operator: '=', values: [] }] })}
          >
            Add filter
          </Button>
        </InlineField>
      </InlineFieldRow>
    </>
  );
}

function Shown({ options, attributes, onChange }: PartProps) {
  const sort = options.sort ?? DEFAULT_SORT;
  const columns = attributeOptions(attributes);
  return (
    <>
      <InlineFieldRow>
        <InlineField
          label="Columns"
          labelWidth={LABEL_WIDTH}
          tooltip="In this order; none chosen shows all"
          grow
          shrink
        >
          <MultiSelect
            aria-label="Columns"
            placeholder="All"
            allowCustomValue
            isClearable
            closeMenuOnSelect={false}
            options={columns}
            value={(options.columns ?? []).map((id) => chosenOption(id, attributes))}
            onChange={(chosen) =>
              onChange({ columns: chosen.length > 0 ? chosen.map(({ value = '' }) => value) : undefined })
            }
          />
        </InlineField>
      </InlineFieldRow>
      <InlineFieldRow>
        <InlineField label="Sort by" labelWidth={LABEL_WIDTH}>
          <Select
            aria-label="Sort by"
            width={24}
            allowCustomValue
            options={columns}
            value={chosenOption(sort.column, attributes)}
            onChange={({ value = DEFAULT_SORT.column }) => onChange({ sort: { ...sort, column: value } })}
          />
        </InlineField>
        <InlineField>
          <RadioButtonGroup
            aria-label="Direction"
            options={DIRECTIONS}
            value={sort.descending}
            onChange={(descending) => onChange({ sort: { ...sort, descending } })}
          />
        </InlineField>
      </InlineFieldRow>
    </>
  );
}

function Page({ options, onChange, onType, onRun }: TypingProps) {
  return (
    <InlineFieldRow>
      <InlineField label="Limit" labelWidth={LABEL_WIDTH} tooltip="Users at most, up to 10,000">
        <Input
          aria-label="Limit"
          type="number"
          min={1}
          max={10_000}
          width={12}
          placeholder="100"
          value={options.limit ?? ''}
          onChange={(event) => onType({ limit: parseNumber(event.currentTarget.value) })}
          onBlur={onRun}
        />
      </InlineField>
      <InlineField label="Offset" tooltip="Users to skip">
        <Input
          aria-label="Offset"
          type="number"
          min={0}
          width={12}
          placeholder="0"
          value={options.offset ?? ''}
          onChange={(event) => onType({ offset: parseNumber(event.currentTarget.value) })}
          onBlur={onRun}
        />
      </InlineField>
      <InlineField label="Total" tooltip="Count all users that match, not only those shown">
        <InlineSwitch
          aria-label="Total"
          value={options.includeTotal ?? false}
          onChange={(event) => onChange({ includeTotal: event.currentTarget.checked })}
        />
      </InlineField>
      <InlineField label="Anonymous" tooltip="Also those known only by an anonymous id">
        <InlineSwitch
          aria-label="Anonymous"
          value={options.includeAnonymous ?? false}
          onChange={(event) => onChange({ includeAnonymous: event.currentTarget.checked })}
        />
      </InlineField>
    </InlineFieldRow>
  );
}
