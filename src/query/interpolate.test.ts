import { interpolate, interpolateFilter, type Replace } from './interpolate';
import { type Condition, type ExplorerOptions, type PathwaysOptions, type ProfilesOptions } from './types.gen';

type Values = Record<string, string | string[] | number>;

/** A stand-in for Grafana's template service: $name, ${name} and ${name:raw}, and their values. */
function replaceWith(variables: Values): Replace {
  return (text, format = (value) => [value].flat().join(',')) =>
    text.replace(/\$(\w+)|\$\{(\w+)(:raw)?\}/g, (reference, plain, braced, raw) => {
      const name = plain ?? braced;
      if (!(name in variables)) {
        return reference;
      }
      return raw ? String(variables[name]) : format(variables[name]);
    });
}

/** The same with a variable that offers All: what is chosen of it, and the text that Grafana shows for that. */
function replaceAll(name: string, value: string[], text: string): Replace {
  return (reference, format = String) => {
    if (reference === `\${${name}:text}`) {
      return text;
    }
    return reference.replace(`$${name}`, () => format(value, { name, includeAll: true }));
  };
}

const countryIs = (...values: string[]): Condition => ({ attribute: 'last_country', operator: '=', values });

describe('texts', () => {
  it('replaces variables', () => {
    const options: ProfilesOptions = { search: ' $name ', sort: { column: '$column', descending: true } };
    expect(interpolate(options, replaceWith({ name: 'ann', column: 'sessions' }))).toEqual({
      search: 'ann',
      sort: { column: 'sessions', descending: true },
    });
  });

  it('goes as deep as there are options', () => {
    const pathway = { options: { page: '$page', steps: 3 }, node: { step: 2, name: '$page' } };
    expect(interpolate({ pathway }, replaceWith({ page: '/cart' }))).toEqual({
      pathway: { options: { page: '/cart', steps: 3 }, node: { step: 2, name: '/cart' } },
    });
  });

  it('keeps texts that only look like variables, and all that is no text', () => {
    const options = { search: '$unknown', limit: 5, pathway: null, includeTotal: true };
    expect(interpolate(options, replaceWith({}))).toEqual(options);
  });
});

describe('lists', () => {
  it('makes several values of a variable with several values', () => {
    const options: PathwaysOptions = { hide: ['$pages', '/login'], groups: ['/product/$kind'] };
    expect(interpolate(options, replaceWith({ pages: ['/a', '/b,c'], kind: 'shoes' }))).toEqual({
      hide: ['/a', '/b,c', '/login'],
      groups: ['/product/shoes'],
    });
  });

  it('leaves out empty variables', () => {
    const options = { hide: ['$pages', '/login'] };
    expect(interpolate(options, replaceWith({ pages: '' }))).toEqual({ hide: ['/login'] });
    expect(interpolate(options, replaceWith({ pages: [] }))).toEqual({ hide: ['/login'] });
  });
});

describe('segments', () => {
  const values = { one: 'carts', two: ['carts', 'premium'], none: '', star: '*', mark: ['$__all'], empty: [] };

  it.each<[string, string[], string[], string[]]>([
    ['ids', ['carts'], ['carts'], ['carts']],
    ['a variable', ['$one'], ['carts'], ['carts']],
    ['several values', ['$two', 'new'], ['carts', 'premium', 'new'], ['carts', 'premium', 'new']],
    ['an empty variable', ['$none', 'new'], ['new'], ['new']],
    ['part of an id', ['new-$one'], ['new-carts'], ['new-carts']],
    ['All, as Grafana marks it', ['$mark'], [], []],
    ['a variable without values', ['$empty', 'new'], ['new'], ['new']],
    ['All, as its custom value', ['$star'], [], []],
    // Who is in one segment or in any is anybody; who is in no segment at all is left out of nothing.
    ['All among others', ['new', '$star'], [], ['new']],
    ['an unknown variable', ['$unknown'], ['$unknown'], ['$unknown']],
  ])('%s', (_, list, included, excluded) => {
    const options = { includeSegments: list, excludeSegments: list, segments: list };
    expect(interpolate(options, replaceWith(values))).toEqual({
      includeSegments: included,
      excludeSegments: excluded,
      segments: included,
    });
  });

  it('tells All from the same segments chosen one by one', () => {
    const options = { includeSegments: ['$segment'], excludeSegments: ['$segment'] };
    const all = replaceAll('segment', ['carts', 'premium'], 'All');
    expect(interpolate(options, all)).toEqual({ includeSegments: [], excludeSegments: [] });

    const none = replaceAll('segment', [], 'All');
    expect(interpolate(options, none)).toEqual({ includeSegments: [], excludeSegments: [] });

    const chosen = replaceAll('segment', ['carts', 'premium'], 'Carts + Premium');
    const ids = ['carts', 'premium'];
    expect(interpolate(options, chosen)).toEqual({ includeSegments: ids, excludeSegments: ids });
  });

  it('replaces variables in definitions, in their filters as in others', () => {
    const where = {
      all: [
        { users: 'last_country:$country' },
        { sequence: { steps: [{ event: 'page:$page' }, { not: 'page:/b' }], within: '$time' } },
        { not: { segment: '$segment' } },
      ],
    };
    const variables = { country: ['BR', 'DE'], page: '/a b', time: '1h', segment: 'carts' };
    expect(interpolate({ includeSegments: [{ where }] }, replaceWith(variables))).toEqual({
      includeSegments: [
        {
          where: {
            all: [
              { users: 'last_country:("BR" OR "DE")' },
              { sequence: { steps: [{ event: 'page:"/a b"' }, { not: 'page:/b' }], within: '1h' } },
              { not: { segment: 'carts' } },
            ],
          },
        },
      ],
    });
  });

  it('finds them in the pathways of a link', () => {
    const pathway = { options: { includeSegments: ['$two'] } };
    expect(interpolate({ pathway }, replaceWith(values)).pathway.options.includeSegments).toEqual(values.two);
  });
});

describe('the explorer', () => {
  const values = { over: 'users', interval: 'week', one: 'p95 duration', two: ['country', 'page'], top: '5' };
  const replaced = (options: ExplorerOptions) =>
    interpolate(options, replaceWith({ ...values, no: 'none', empty: '' }));

  it('takes variables for what is measured, over what, by what and how often', () => {
    const options = { over: '$over', interval: '$interval', measures: [{ measure: '$one', filter: 'page:$one' }] };
    expect(replaced(options as ExplorerOptions)).toEqual({
      over: 'users',
      interval: 'week',
      measures: [{ measure: 'p95 duration', filter: 'page:"p95 duration"' }],
    });
  });

  it('makes several values of a variable several facets or measures', () => {
    expect(
      replaced({ facets: [{ attribute: '$two', limit: '$top', other: true }, { attribute: 'usr.$over' }] })
    ).toEqual({
      facets: [
        { attribute: 'country', limit: '5', other: true },
        { attribute: 'page', limit: '5', other: true },
        { attribute: 'usr.users' },
      ],
    });
    const measures = [{ measure: '$two' }, { ratio: { of: { measure: 'count' }, to: { measure: '$over' } } }];
    expect(replaced({ measures } as ExplorerOptions).measures).toEqual([
      { measure: 'country' },
      { measure: 'page' },
      { ratio: { of: { measure: 'count' }, to: { measure: 'users' } } },
    ]);
  });

  it('leaves out those whose variable is empty or none, but none that is still to be chosen', () => {
    const facets = ['$no', '$empty', '', 'none', 'page'].map((attribute) => ({ attribute }));
    expect(replaced({ facets }).facets).toEqual([{ attribute: '' }, { attribute: 'none' }, { attribute: 'page' }]);
    expect(replaced({ measures: [{ measure: '$no' }] } as unknown as ExplorerOptions).measures).toEqual([]);
  });
});

describe('conditions', () => {
  it('makes several values of a variable with several values', () => {
    const replace = replaceWith({ countries: ['BR', 'DE'] });
    expect(interpolate({ filters: [countryIs('$countries', 'FR')] }, replace).filters).toEqual([
      countryIs('BR', 'DE', 'FR'),
    ]);
  });

  it('keeps one value where a variable is part of a text', () => {
    const condition: Condition = { attribute: 'last_browser_name', operator: 'contains', values: ['Chrome $kind'] };
    expect(interpolate({ filters: [condition] }, replaceWith({ kind: 'Mobile' })).filters).toEqual([
      { ...condition, values: ['Chrome Mobile'] },
    ]);
  });

  it('never splits a value', () => {
    const replace = replaceWith({ city: "Val-d'Or, QC" });
    expect(interpolate({ filters: [countryIs('$city')] }, replace).filters).toEqual([countryIs("Val-d'Or, QC")]);
  });

  it('leaves out a condition whose variables are empty', () => {
    const filters = [countryIs('$country'), countryIs('BR')];
    expect(interpolate({ filters }, replaceWith({ country: '' })).filters).toEqual([countryIs('BR')]);
  });

  it('keeps conditions without values', () => {
    const filters: Condition[] = [{ attribute: 'user_name', operator: 'exists' }];
    expect(interpolate({ filters }, replaceWith({})).filters).toEqual(filters);
  });
});

describe('the filter language', () => {
  it.each<[string, string, Values, string]>([
    ['a plain value', 'country:$c', { c: 'BR' }, 'country:BR'],
    ['a number', 'price:>=$p', { p: 10 }, 'price:>=10'],
    ['a value with a space', 'city:$c', { c: 'São Paulo' }, 'city:"São Paulo"'],
    ['a wildcard is a value', 'page:$p', { p: '/cart*' }, 'page:"/cart*"'],
    ['quotes and backslashes', 'action:$a', { a: 'say "hi" \\' }, 'action:"say \\"hi\\" \\\\"'],
    ['a keyword', '$a', { a: 'OR' }, '"OR"'],
    ['a minus', 'city:$c', { c: '-1' }, 'city:"-1"'],
    ['an operator', 'city:$c', { c: '>5' }, 'city:">5"'],
    ['what looks like a condition', '$s', { s: 'country:BR' }, '"country:BR"'],
    ['several values', 'country:$c plan:pro', { c: ['BR', 'D"E'] }, 'country:("BR" OR "D\\"E") plan:pro'],
    ['several values, negated', '-country:$c', { c: ['BR', 'DE'] }, '-country:("BR" OR "DE")'],
    ['several words, negated', '-$c', { c: ['BR', 'DE'] }, '-("BR" OR "DE")'],
    ['several values in own parentheses', 'country:($c)', { c: ['BR', 'DE'] }, 'country:("BR" OR "DE")'],
    [
      'several values among others',
      'country:(FR OR $c OR $d)',
      { c: ['BR', 'DE'], d: 'ES' },
      'country:(FR OR "BR" OR "DE" OR ES)',
    ],
    ['several values after a quoted name', '"my name":$c', { c: ['a', 'b'] }, '"my name":("a" OR "b")'],
    ['All without a list', 'country:$c', { c: [] }, 'country:*'],
    ['All as Grafana marks it', 'country:$c', { c: '$__all' }, 'country:*'],
    ['inside a word', 'page:/p/$id*', { id: 'a b"*' }, 'page:/p/a\\ b\\"\\**'],
    ['a name', '$attribute:BR', { attribute: 'country' }, 'country:BR'],
    ['name and value', '$a:$b', { a: 'city', b: 'São Paulo' }, 'city:"São Paulo"'],
    ['a range', 'time:[$from TO $to]', { from: '5', to: '2026-01-02T03:04' }, 'time:[5 TO 2026\\-01\\-02T03\\:04]'],
    ['inside quotes', 'action:"click on $a"', { a: 'the "big" one' }, 'action:"click on the \\"big\\" one"'],
    ['alone in quotes', 'country:"$c"', { c: ['BR', 'DE'] }, 'country:("BR" OR "DE")'],
    ['in has(...)', 'has(page:$p)', { p: ['/a', '/b'] }, 'has(page:("/a" OR "/b"))'],
    ['an empty variable', 'page:/cart country:$c', { c: '' }, 'page:/cart'],
    ['an empty variable, negated', '-country:$c page:/cart', { c: '' }, 'page:/cart'],
    ['an empty variable after an operator', 'price:>=$p', { p: '' }, ''],
    ['escaped quotes outside of quotes', 'action:\\"$a', { a: 'x y' }, 'action:\\"x\\ y'],
    ['raw', '${f:raw}', { f: 'country:BR OR page:/cart*' }, 'country:BR OR page:/cart*'],
    ['unknown variables', 'country:$c', {}, 'country:$c'],
    ['no variables', ' page:"a b" price:[1 TO *] ', {}, 'page:"a b" price:[1 TO *]'],
  ])('%s', (_, text, variables, expected) => {
    expect(interpolateFilter(text, replaceWith(variables))).toBe(expected);
    // The option is found by its name, in parts of other options as well.
    expect(interpolate({ measures: [{ filter: text }] }, replaceWith(variables))).toEqual({
      measures: [{ filter: expected }],
    });
  });
});
