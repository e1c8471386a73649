import { type SelectableValue } from '@grafana/data';
import { AsyncMultiSelect, AsyncSelect } from '@grafana/ui';
import React from 'react';

import { valueText } from '../../audience/termText';
import { holdersText } from '../holders';

import { useBuilder } from './builder';

/** How many values are offered, and how much of the window they take at most, in pixels: a dozen of them. */
const OFFERED = 100;
const HIGH = 480;

interface OneProps {
  label: string;
  attribute: string;
  value: string;
  placeholder?: string;
  /** `typed` is true for a value that was not among those offered. */
  onChange: (value: string, typed: boolean) => void;
}

/** One value of an attribute, of those in the store or typed. */
export function ValueChoice({ label, attribute, value, placeholder, onChange }: OneProps) {
  const load = useOptions(attribute);
  return (
    <AsyncSelect
      key={attribute}
      {...{ 'aria-label': label, placeholder, loadOptions: load, defaultOptions: true, width: 32 }}
      {...{ allowCustomValue: true, cacheOptions: true, menuShouldPortal: true, maxMenuHeight: HIGH }}
      value={value ? chosenAs(attribute, value) : null}
      onChange={(chosen) => onChange(chosen?.value ?? '', Boolean(chosen && '__isNew__' in chosen))}
    />
  );
}

interface SeveralProps {
  label: string;
  attribute: string;
  values: string[];
  onChange: (values: string[]) => void;
}

/** Several values of an attribute. */
export function ValueChoices({ label, attribute, values, onChange }: SeveralProps) {
  const load = useOptions(attribute);
  return (
    <AsyncMultiSelect
      key={attribute}
      {...{ 'aria-label': label, loadOptions: load, defaultOptions: true, width: 40 }}
      {...{ allowCustomValue: true, cacheOptions: true, menuShouldPortal: true, maxMenuHeight: HIGH }}
      value={values.map((value) => chosenAs(attribute, value))}
      onChange={(chosen) => onChange(chosen.flatMap(({ value }) => (value ? [value] : [])))}
    />
  );
}

/** A chosen value as it is offered. */
const chosenAs = (attribute: string, value: string): SelectableValue<string> => ({
  value,
  label: valueText(attribute, value),
});

function useOptions(attribute: string) {
  const { loadValues, attributes } = useBuilder();
  return async (search: string): Promise<Array<SelectableValue<string>>> => {
    const values = await loadValues(attribute, search, OFFERED).catch(() => []);
    return values.map(({ value, text, count }) => ({
      value,
      label: text || value,
      description: count ? holdersText(count, attribute, attributes) : undefined,
    }));
  };
}
