import { InlineField, InlineFieldRow, RadioButtonGroup, Select } from '@grafana/ui';
import React from 'react';

import { type Sort } from '../../query/types.gen';

import { LABEL_WIDTH, type Choice } from './options';

const DIRECTIONS = [
  { value: true, label: 'Descending' },
  { value: false, label: 'Ascending' },
];

interface Props {
  value: Sort;
  columns: Array<Choice<string>>;
  onChange: (sort: Sort) => void;
}

/** A column, which may be one that is not listed, and a direction. */
export function SortOption({ value, columns, onChange }: Props) {
  const { column, descending } = value;
  const label = columns.find((choice) => choice.value === column)?.label ?? column;
  return (
    <InlineFieldRow>
      <InlineField label="Sort by" labelWidth={LABEL_WIDTH}>
        <Select
          aria-label="Sort by"
          width={24}
          allowCustomValue
          options={columns}
          value={{ value: column, label }}
          onChange={(chosen) => chosen.value && onChange({ column: chosen.value, descending })}
        />
      </InlineField>
      <InlineField>
        <RadioButtonGroup
          aria-label="Direction"
          options={DIRECTIONS}
          value={descending}
          onChange={(chosen) => onChange({ column, descending: chosen })}
        />
      </InlineField>
    </InlineFieldRow>
  );
}
