import { Button, InlineField, InlineFieldRow, Input, MultiSelect, Select } from '@grafana/ui';
import React from 'react';

import { arity, changeAttribute, changeOperator, operatorsFor } from '../../query/attributes';
import { type Attribute, type Condition, type FilterOperator } from '../../query/types.gen';

import { attributeOptions, chosenOption } from './attributeOptions';
import { LABEL_WIDTH, useRunWhenLeft } from './options';

interface Props {
  condition: Condition;
  attributes: Attribute[];
  /** "Where" for the first, "and" for those after it. */
  label: string;
  /** Something was chosen: run the query. */
  onChange: (condition: Condition) => void;
  /** A value is being typed; onRun follows when its field is left or Enter is pressed. */
  onType: (condition: Condition) => void;
  onRun: () => void;
  onRemove: () => void;
}

/** One condition: attribute, operator, values. */
export function ConditionEditor({ condition, attributes, label, onRemove, ...handlers }: Props) {
  const { onChange } = handlers;
  const attribute = attributes.find(({ id }) => id === condition.attribute);
  return (
    <InlineFieldRow>
      <InlineField label={label} labelWidth={LABEL_WIDTH}>
        <Select
          aria-label="Attribute"
          width={24}
          placeholder="Attribute"
          allowCustomValue
          options={attributeOptions(attributes)}
          value={condition.attribute ? chosenOption(condition.attribute, attributes) : null}
          onChange={({ value = '' }) => onChange(changeAttribute(condition, value, attributes))}
        />
      </InlineField>
      <InlineField>
        <Select<FilterOperator>
          aria-label="Operator"
          width={14}
          options={operatorsFor(attribute).map((operator) => ({ value: operator, label: operator }))}
          value={condition.operator}
          onChange={({ value = '=' }) => onChange(changeOperator(condition, value))}
        />
      </InlineField>
      <ConditionValues condition={condition} {...handlers} />
      <Button variant="secondary" icon="times" aria-label="Remove condition" onClick={onRemove} />
    </InlineFieldRow>
  );
}

type ValuesProps = Pick<Props, 'condition' | 'onChange' | 'onType' | 'onRun'>;

function ConditionValues({ condition, onChange, ...typing }: ValuesProps) {
  const values = condition.values ?? [];
  switch (arity(condition.operator)) {
    case 'none':
      return null;
    case 'one':
      return <ConditionValue condition={condition} {...typing} />;
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
            onChange={(chosen) => onChange({ ...condition, values: chosen.map(({ value = '' }) => value) })}
          />
        </InlineField>
      );
  }
}

function ConditionValue({ condition, onType, onRun }: Omit<ValuesProps, 'onChange'>) {
  const { changed, ...handlers } = useRunWhenLeft(onRun);
  return (
    <InlineField>
      <Input
        aria-label="Value"
        width={32}
        placeholder="Value or $variable"
        value={condition.values?.[0] ?? ''}
        onChange={({ currentTarget: { value } }) => {
          changed();
          onType({ ...condition, values: value === '' ? [] : [value] });
        }}
        {...handlers}
      />
    </InlineField>
  );
}
