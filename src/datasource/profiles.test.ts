import { interpolate, isComplete, type Replace } from './profiles';
import { type ProfileFilter } from './types';

/** A stand-in for Grafana's template service: $name and its values. */
function replaceWith(variables: Record<string, string | string[]>): Replace {
  return (text, format = (value) => [value].flat().join(',')) =>
    text.replace(/\$(\w+)/g, (reference, name) => (name in variables ? format(variables[name]) : reference));
}

const countryIs = (...values: string[]): ProfileFilter => ({ attribute: 'last_country', operator: '=', values });

describe('isComplete', () => {
  it.each<[string, ProfileFilter[] | undefined, boolean]>([
    ['no filters', undefined, true],
    ['a filter without attribute', [{ attribute: '', operator: '=', values: ['BR'] }], false],
    ['= without values', [countryIs()], false],
    ['= with values', [countryIs('BR', 'DE')], true],
    ['< without a value', [{ attribute: 'sessions', operator: '<', values: [] }], false],
    ['< with two values', [{ attribute: 'sessions', operator: '<', values: ['1', '2'] }], false],
    ['exists', [{ attribute: 'usr.plan', operator: 'exists' }], true],
    ['a complete and an incomplete filter', [countryIs('BR'), countryIs()], false],
  ])('%s', (_, filters, complete) => {
    expect(isComplete({ filters })).toBe(complete);
  });
});

describe('interpolate', () => {
  it('puts variables into the search text', () => {
    expect(interpolate({ search: ' $name ' }, replaceWith({ name: 'ann' })).search).toBe('ann');
  });

  it('makes several values of a variable with several values', () => {
    const replace = replaceWith({ countries: ['BR', 'DE'] });
    expect(interpolate({ filters: [countryIs('$countries', 'FR')] }, replace).filters).toEqual([
      countryIs('BR', 'DE', 'FR'),
    ]);
  });

  it('keeps one value where a variable is part of a text', () => {
    const filter: ProfileFilter = { attribute: 'last_browser_name', operator: 'contains', values: ['Chrome $kind'] };
    expect(interpolate({ filters: [filter] }, replaceWith({ kind: 'Mobile' })).filters).toEqual([
      { ...filter, values: ['Chrome Mobile'] },
    ]);
  });

  it('never splits a value', () => {
    const replace = replaceWith({ city: "Val-d'Or, QC" });
    expect(interpolate({ filters: [countryIs('$city')] }, replace).filters).toEqual([countryIs("Val-d'Or, QC")]);
  });

  it('leaves out a filter whose variables are empty', () => {
    const filters = [countryIs('$country'), countryIs('BR')];
    expect(interpolate({ filters }, replaceWith({ country: '' })).filters).toEqual([countryIs('BR')]);
  });

  it('keeps texts that only look like variables, filters without values and all other options', () => {
    const options = {
      filters: [countryIs('$unknown'), { attribute: 'user_name', operator: 'exists' as const }],
      columns: ['user_id'],
      limit: 5,
    };
    expect(interpolate(options, replaceWith({}))).toEqual(options);
  });
});
