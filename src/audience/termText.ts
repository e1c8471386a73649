import { type Attribute } from '../query/types.gen';
import { t } from '../text';

import { parseValueTerm } from './terms';
import { timeTermText } from './times';

/**
 * A condition as people say it, where it lists values or counts days: "Last country: Brazil or Portugal". Others stay as they
 * are.
 */
export function termText(term: string, attributes: Attribute[]): string {
  const of = parseValueTerm(term);
  const attribute = of && attributes.find(({ id }) => id === of.attribute);
  if (!of || !attribute) {
    return timeTermText(term, attributes) ?? term;
  }
  if (of.values[0] === null) {
    return `${attribute.name}: ${t(of.not ? 'audience.known' : 'audience.notKnown')}`;
  }
  const values = of.values
    .map((value) => (value === null ? t('audience.notKnown') : valueText(attribute.id, value)))
    .join(' or ');
  return `${attribute.name}: ${of.not ? 'not ' : ''}${values}`;
}

export const applicationsText = (ids: string[]) => t('audience.application', { name: ids.join(' or ') });

/** A value of an attribute as people know it: countries by name. */
export const valueText = (attribute: string, value: string) =>
  attribute.endsWith('country') ? countryName(value) : value;

/** A country by its code, in English. */
function countryName(code: string): string {
  try {
    return new Intl.DisplayNames('en', { type: 'region' }).of(code) ?? code;
  } catch {
    return code; // a name already, or no code
  }
}
