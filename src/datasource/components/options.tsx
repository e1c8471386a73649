/** The controls that the editors of all query types are made of. */
import { InlineField, InlineSwitch, Input, MultiSelect, RadioButtonGroup, Select } from '@grafana/ui';
import React, { useRef } from 'react';

import { type LoadValues } from '../../audience/completion';
import { parseNumber } from '../../components/numbers';
import { type Attribute, type Segment } from '../../query/types.gen';

import { attributeOptions, chosenOption } from './attributeOptions';

export const LABEL_WIDTH = 16;

/** What an editor of one query type is given. */
export interface OptionsEditorProps<T> {
  options: T;
  /** Its uid. */
  datasource: string;
  /** All that the store knows, of every level. */
  attributes: Attribute[];
  /** All that are stored. */
  segments: Segment[];
  loadValues: LoadValues;
  /** The dashboard's, as they are written in options: "$facet". */
  variables?: string[];
  /** What the last run found wrong with the filter as it stands: "at 12: unknown attribute ...". */
  problem?: string;
  /** Takes the whole new options. */
  onChange: (options: T) => void;
  /** Runs the query: after each choice, and when a text field is left. */
  onRun: () => void;
}

/** Two ways to change some options: `type` waits for the field to be left, `choose` runs the query at once. */
export function setters<T>({
  options,
  onChange,
  onRun,
}: Pick<OptionsEditorProps<T>, 'options' | 'onChange' | 'onRun'>) {
  const type = (changed: Partial<T>) => onChange({ ...options, ...changed });
  const choose = (changed: Partial<T>) => {
    type(changed);
    onRun();
  };
  return { type, choose };
}

interface OptionProps {
  label: string;
  tooltip?: string;
  /** Of the label. Default LABEL_WIDTH, so that rows begin in line; "auto" for those further right. */
  labelWidth?: number | 'auto';
}

interface TypedProps<T> extends OptionProps {
  value: T | undefined;
  placeholder?: string;
  width?: number;
  onType: (value: T | undefined) => void;
  onRun: () => void;
}

/** Runs the query when a field is left or Enter is pressed, if it was changed. */
export function useRunWhenLeft(onRun: () => void) {
  const isChanged = useRef(false);
  const run = () => {
    if (isChanged.current) {
      isChanged.current = false;
      onRun();
    }
  };
  return {
    onBlur: run,
    onKeyDown: (event: React.KeyboardEvent) => event.key === 'Enter' && run(),
    changed: () => (isChanged.current = true),
  };
}

export function TextOption({ value, placeholder, width, onType, onRun, ...label }: TypedProps<string>) {
  const { changed, ...handlers } = useRunWhenLeft(onRun);
  return (
    <InlineField {...fieldProps(label)} grow={width === undefined}>
      <Input
        aria-label={label.label}
        width={width}
        placeholder={placeholder}
        value={value ?? ''}
        onChange={(event) => {
          changed();
          onType(event.currentTarget.value || undefined);
        }}
        {...handlers}
      />
    </InlineField>
  );
}

interface NumberProps extends TypedProps<number> {
  min: number;
  max?: number;
}

export function NumberOption({ value, placeholder, width = 12, min, max, onType, onRun, ...label }: NumberProps) {
  const { changed, ...handlers } = useRunWhenLeft(onRun);
  return (
    <InlineField {...fieldProps(label)}>
      <Input
        aria-label={label.label}
        type="number"
        min={min}
        max={max}
        width={width}
        placeholder={placeholder}
        value={value ?? ''}
        onChange={(event) => {
          changed();
          onType(parseNumber(event.currentTarget.value));
        }}
        {...handlers}
      />
    </InlineField>
  );
}

interface SwitchProps extends OptionProps {
  value: boolean;
  onChange: (value: boolean) => void;
}

export function SwitchOption({ value, onChange, ...label }: SwitchProps) {
  return (
    <InlineField {...fieldProps({ labelWidth: 'auto', ...label })}>
      <InlineSwitch
        aria-label={label.label}
        value={value}
        onChange={(event) => onChange(event.currentTarget.checked)}
      />
    </InlineField>
  );
}

export interface Choice<T> {
  value: T;
  label: string;
  description?: string;
}

interface ChoiceProps<T> extends OptionProps {
  choices: Array<Choice<T>>;
  value: T | undefined;
  onChange: (value: T) => void;
}

/** Few choices, all shown. */
export function RadioOption<T>({ choices, value, onChange, ...label }: ChoiceProps<T>) {
  return (
    <InlineField {...fieldProps(label)}>
      <RadioButtonGroup aria-label={label.label} options={choices} value={value} onChange={onChange} />
    </InlineField>
  );
}

/** Many choices, in a menu. */
export function SelectOption<T>({
  choices,
  value,
  onChange,
  width = 24,
  ...label
}: ChoiceProps<T> & { width?: number }) {
  return (
    <InlineField {...fieldProps(label)}>
      <Select
        aria-label={label.label}
        width={width}
        options={choices}
        value={value}
        onChange={(chosen) => chosen.value !== undefined && onChange(chosen.value)}
      />
    </InlineField>
  );
}

/** One of some choices, or a variable that stands for it; those that are not listed, and other texts, can be typed. */
export function VariableOption<T extends string>({
  choices,
  variables,
  value,
  onChange,
  width = 24,
  ...label
}: ChoiceProps<T> & { variables: string[] | undefined; width?: number }) {
  return (
    <InlineField {...fieldProps(label)}>
      <Select
        aria-label={label.label}
        width={width}
        allowCustomValue
        options={[...choices, ...variableChoices(variables)]}
        value={choices.find((choice) => choice.value === value) ?? (value ? { value, label: value } : null)}
        // What a variable stands for is known only when the query is asked; the backend checks it.
        onChange={(chosen) => chosen.value !== undefined && onChange(chosen.value as T)}
      />
    </InlineField>
  );
}

interface AttributeProps extends OptionProps {
  attributes: Attribute[];
  /** To choose from as well. */
  variables?: string[];
  value: string | undefined;
  width?: number;
  placeholder?: string;
  onChange: (id: string) => void;
}

/** An attribute; names and variables that the store does not list can be typed. */
export function AttributeOption({
  attributes,
  variables,
  value,
  width = 24,
  placeholder,
  onChange,
  ...label
}: AttributeProps) {
  return (
    <InlineField {...fieldProps(label)}>
      <Select
        aria-label={label.label}
        width={width}
        placeholder={placeholder ?? 'Choose or type'}
        allowCustomValue
        options={[...attributeOptions(attributes), ...variableChoices(variables)]}
        value={value ? chosenOption(value, attributes) : null}
        onChange={(chosen) => onChange(chosen?.value ?? '')}
      />
    </InlineField>
  );
}

function variableChoices(variables: string[] = []): Array<Choice<string>> {
  return variables.map((variable) => ({ value: variable, label: variable, description: 'Variable' }));
}

interface ListProps extends OptionProps {
  value: string[] | undefined;
  placeholder?: string;
  /** What to choose from; other texts can be typed. */
  choices?: Array<Choice<string>>;
  onChange: (value: string[] | undefined) => void;
}

/** A list of texts, undefined where it is empty. */
export function ListOption({ value = [], placeholder, choices = [], onChange, ...label }: ListProps) {
  const known = (text: string) => choices.find((choice) => choice.value === text)?.label ?? text;
  return (
    <InlineField {...fieldProps(label)} grow shrink>
      <MultiSelect
        aria-label={label.label}
        placeholder={placeholder}
        allowCustomValue
        isClearable
        closeMenuOnSelect={false}
        noOptionsMessage="Type and press Enter"
        options={choices}
        value={value.map((text) => ({ value: text, label: known(text) }))}
        onChange={(chosen) =>
          onChange(chosen.length > 0 ? chosen.map((option) => option.value ?? '').filter(Boolean) : undefined)
        }
      />
    </InlineField>
  );
}

function fieldProps({ label, tooltip, labelWidth = LABEL_WIDTH }: OptionProps) {
  return { label, tooltip, labelWidth };
}
