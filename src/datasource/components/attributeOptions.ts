import { type SelectableValue } from '@grafana/data';

import { type ProfileAttribute } from '../types';

export function attributeOptions(attributes: ProfileAttribute[]): Array<SelectableValue<string>> {
  return attributes.map(({ id, name }) => ({ value: id, label: name }));
}

/** The option for a chosen id: an unknown one (a custom attribute, a variable) is shown as it is. */
export function chosenOption(id: string, attributes: ProfileAttribute[]): SelectableValue<string> {
  return { value: id, label: attributes.find((attribute) => attribute.id === id)?.name ?? id };
}
