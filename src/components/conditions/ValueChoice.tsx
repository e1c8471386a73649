import { type SelectableValue } from '@grafana/data';
import { AsyncMultiSelect } from '@grafana/ui';
import React from 'react';

import { valueText } from '../../audience/termText';
import { type EventName } from '../../conditions/event';
import { OPENS_BY_ITSELF } from '../Choice';

import { useOffers } from './useOffers';

/** How much of the window the values offered take at most, in pixels: a dozen of them. */
const HIGH = 480;

const PICKER = {
  ...{ allowCustomValue: true, cacheOptions: true, menuShouldPortal: true, maxMenuHeight: HIGH },
  ...{ defaultOptions: true, ...OPENS_BY_ITSELF },
};

interface NamesProps {
  label: string;
  attribute: string;
  /** Values of these are offered too. */
  others: string[];
  names: EventName[];
  placeholder?: string;
  /** Of which attribute they are. */
  onChange: (names: EventName[], attribute: string) => void;
}

/** One or several events of a kind, of those in the store or typed, where * stands for any text. */
export function NameChoices({ label, attribute, others, names, placeholder, onChange }: NamesProps) {
  const { key, load } = useOffers([attribute, ...others]);
  const nameOf = ({ value, __isNew__: isTyped = false }: SelectableValue): EventName =>
    names.find((name) => name.value === value) ?? { value, pattern: isTyped && value.includes('*') };
  const choose = (chosen: SelectableValue[]) => {
    const ofOther = chosen.filter((one) => (one.attribute ?? attribute) !== attribute);
    // What is of another attribute takes the place of all that was chosen.
    onChange((ofOther.length > 0 ? ofOther : chosen).map(nameOf), ofOther[0]?.attribute ?? attribute);
  };
  return (
    <AsyncMultiSelect
      key={key}
      {...{ 'aria-label': label, placeholder, loadOptions: load, width: 'auto', ...PICKER }}
      value={names.map(({ value }) => ({ value, label: value }))}
      onChange={choose}
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
