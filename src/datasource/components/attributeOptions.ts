import { type Attribute } from '../../query/types.gen';

import { type Choice } from './options';

export function attributeOptions(attributes: Attribute[]): Array<Choice<string>> {
  return attributes.map(({ id, name }) => ({ value: id, label: name }));
}

/** The option for a chosen id: an unknown one (a custom attribute, a variable) is shown as it is. */
export function chosenOption(id: string, attributes: Attribute[]): Choice<string> {
  return { value: id, label: attributes.find((attribute) => attribute.id === id)?.name ?? id };
}
