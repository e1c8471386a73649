import { Button, InlineField, InlineFieldRow, Input, MultiSelect, Select } from '@grafana/ui';
import React from 'react';

import { arity, operatorsFor } from '../attributes';
import { type FilterOperator, type ProfileAttribute, type ProfileFilter } from '../types';

import { attributeOptions, chosenOption } from './attributeOptions';

interface Props {
  filter: ProfileFilter;
  attributes: ProfileAttribute[];
  /** "Filter" for the first, "and" for those after it. */
  label: string;
  /** Something was chosen: run the query. */
  onChange: (filter: ProfileFilter) => void;
  /** A value is being typed; onRun follows when its field is left. */
  onType: (filter: ProfileFilter) => void;
  onRun: () => void;
  onRemove: () => void;
}

/** One condition: attribute, operator, values. */
export function FilterEditor({ filter, attributes, label, onRemove, ...handlers }: Props) {
  const { onChange } = handlers;
  const attribute = attributes.find(({ id }) => id === filter.attribute);
  return (
    <InlineFieldRow>
      <InlineField label={label} labelWidth={12}>
        <Select
          aria-label="Attribute"
          width={24}
          placeholder="Attribute"
          allowCustomValue
          options={attributeOptions(attributes)}
          value={filter.attribute ? chosenOption(filter.attribute, attributes) : null}
          onChange={({ value = '' }) => onChange(changeAttribute(filter, value, attributes))}
        />
      </InlineField>
      <InlineField>
        <Select<FilterOperator>
          aria-label="Operator"
          width={14}
          options={operatorsFor(attribute).map((operator) => ({ value: operator, label: operator }))}
          value={filter.operator}
          onChange={({ value = '=' }) => onChange(changeOperator(filter, value))}
        />
      </InlineField>
      <FilterValues filter={filter} {...handlers} />
      <Button variant="secondary" icon="times" aria-label="Remove filter" onClick={onRemove} />
    </InlineFieldRow>
  );
}

type ValuesProps = Pick<Props, 'filter' | 'onChange' | 'onType' | 'onRun'>;

function FilterValues({ filter, onChange, onType, onRun }: ValuesProps) {
  const values = filter.values ?? [];
  switch (arity(filter.operator)) {
    case 'none':
      return null;
    case 'one':
      return (
        <InlineField>
          <Input
            aria-label="Value"
            width={32}
            placeholder="Value or $variable"
            value={values[0] ?? ''}
            onChange={({ currentTarget: { value } }) => onType({ ...filter, values: value === '' ? [] : [value] })}
            onBlur={onRun}
          />
        </InlineField>
      );
    case 'many':
      return (
        <InlineField>
          <MultiSelect
            aria-label="Values"
            width={32}
            placeholder="Any of: type and press Enter"
            allowCustomValue
            isClearable
            noOptionsMessage="Type a value or $variable"
            options={[]}
            value={values.map((value) => ({ value, label: value }))}
            onChange={(chosen) => onChange({ ...filter, values: chosen.map(({ value = '' }) => value) })}
          />
        </InlineField>
      );
  }
}

/** Keeps the operator where the new attribute has it, else takes the first that it has. */
export function changeAttribute(filter: ProfileFilter, id: string, attributes: ProfileAttribute[]): ProfileFilter {
  const operators = operatorsFor(attributes.find((attribute) => attribute.id === id));
  const operator = operators.includes(filter.operator) ? filter.operator : operators[0];
  return changeOperator({ ...filter, attribute: id }, operator);
}

/** Drops the values that the new operator does not take. */
export function changeOperator(filter: ProfileFilter, operator: FilterOperator): ProfileFilter {
  const taken = { none: 0, one: 1, many: Infinity }[arity(operator)];
  const { values = [], ...rest } = filter;
  return { ...rest, operator, ...(taken > 0 && { values: values.slice(0, taken) }) };
}
