import { type SelectableValue } from '@grafana/data';
import { Select } from '@grafana/ui';
import React from 'react';

interface Props<T> {
  label: string;
  options: Array<SelectableValue<T>>;
  value?: T | null;
  placeholder?: string;
  width?: number;
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
    />
  );
}
