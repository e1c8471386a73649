import { type SelectableValue } from '@grafana/data';
import { AsyncMultiSelect, AsyncSelect } from '@grafana/ui';
import React from 'react';

import { valueText } from '../../audience/termText';
import { OPENS_BY_ITSELF } from '../Choice';

import { useOffers } from './useOffers';

/** How much of the window the values offered take at most, in pixels: a dozen of them. */
const HIGH = 480;

const PICKER = {
  ...{ allowCustomValue: true, cacheOptions: true, menuShouldPortal: true, maxMenuHeight: HIGH },
  ...{ defaultOptions: true, ...OPENS_BY_ITSELF },
};

interface OneProps {
  label: string;
  attribute: string;
  /** Values of these are offered too. */
  others?: string[];
  value: string;
  placeholder?: string;
  /** Of which attribute it is; `typed` is true for a value that was not among those offered. */
  onChange: (value: string, typed: boolean, attribute: string) => void;
}

/** One value of an attribute, of those in the store or typed. */
export function ValueChoice({ label, attribute, others, value, placeholder, onChange }: OneProps) {
  const { key, load } = useOffers([attribute, ...(others ?? [])]);
  return (
    <AsyncSelect
      key={key}
      {...{ 'aria-label': label, placeholder, loadOptions: load, width: 32, ...PICKER }}
      value={value ? chosenAs(attribute, value) : null}
      onChange={(chosen) =>
        onChange(chosen?.value ?? '', Boolean(chosen && '__isNew__' in chosen), chosen?.attribute ?? attribute)
      }
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
  const { key, load } = useOffers([attribute]);
  return (
    <AsyncMultiSelect
      key={key}
      {...{ 'aria-label': label, loadOptions: load, width: 40, ...PICKER }}
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
