import { type SelectableValue } from '@grafana/data';
import { MultiSelect, Select } from '@grafana/ui';
import React from 'react';

interface Props<T> {
  label: string;
  options: Array<SelectableValue<T>>;
  value?: T | null;
  placeholder?: string;
  width?: number;
  /** What it offers is shown as soon as one comes to it, and only Enter or a click takes one. */
  openMenuOnFocus?: boolean;
  onChange: (value: T) => void;
}

/** A menu to choose one of many: the one place that knows which of Grafana's components it is. */
export function Choice<T>({ label, value = null, onChange, ...rest }: Props<T>) {
  return (
    <Select
      aria-label={label}
      value={value as T}
      onChange={(chosen) => chosen?.value !== undefined && onChange(chosen.value)}
      {...rest}
      {...(rest.openMenuOnFocus && OPENS_BY_ITSELF)}
    />
  );
}

/** Nobody has asked for its menu: Tab takes nothing of it, and a click elsewhere means what is there. */
export const OPENS_BY_ITSELF = { openMenuOnFocus: true, tabSelectsValue: false, menuShouldBlockScroll: false };

interface SeveralProps<T> extends Omit<Props<T>, 'value' | 'onChange'> {
  values: T[];
  onChange: (values: T[]) => void;
}

/** A menu to choose several of many; each chosen one can be taken away again. */
export function Choices<T>({ label, values, onChange, ...rest }: SeveralProps<T>) {
  return (
    <MultiSelect
      aria-label={label}
      value={values}
      onChange={(chosen) => onChange(chosen.flatMap(({ value }) => value ?? []) as T[])}
      {...rest}
    />
  );
}
