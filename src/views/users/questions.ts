/** What the users view asks, and what it reads in the answers. */
import { type DataFrame } from '@grafana/data';

import { type Answer, type Target } from '../../api/ask';
import { APPLICATION, type Audience, EVERYBODY, flattened, joined, toSelection } from '../../audience/audience';
import { chooseValues, chosenValues, joinTerms, quotedText, splitTerms, type Value } from '../../audience/terms';
import { type Counted } from '../../components/Facet';
import { type ProfilesOptions, type SegmentDefinition } from '../../query/types.gen';

import { type Base } from './base';
import { type UsersState } from './state';

/** The column that shows who a user is; it is made of three attributes. */
export const USER = 'user';
const OF_USER = ['user_id', 'user_name', 'user_email'];

export const DEFAULT_COLUMNS = [
  USER,
  'last_seen',
  'last_country',
  'last_device_type',
  'sessions',
  'frustrations',
  'first_seen',
];
export const DEFAULT_FACETS = [
  'segment',
  'last_country',
  'last_device_type',
  'last_os_name',
  'last_browser_name',
  APPLICATION.users,
];

/** How many values a facet shows at first, and how many more each time. */
const FEW_VALUES = 5;
const MANY = 100;
export const MORE_VALUES = 45;

/** What a person has chosen of one facet. */
export interface FacetWish {
  search?: string;
  limit?: number;
}

/** How many values of a facet are shown. */
export const limitOf = (wishes: Record<string, FacetWish>, attribute: string) => wishes[attribute]?.limit ?? FEW_VALUES;

/** The attributes that columns need. */
export const attributesOf = (columns: string[]) => [
  ...new Set(columns.flatMap((column) => (column === USER ? OF_USER : [column]))),
];

/** The columns of a query as the table shows them: who a user is comes first, in one column. */
export const columnsFrom = (queried?: string[]): string[] =>
  queried?.length ? [USER, ...queried.filter((column) => !OF_USER.includes(column))] : DEFAULT_COLUMNS;

/** Which users: those of the base whom the audience leaves. No facet leaves out anything of the base. */
export function whoOfFacets({ audience, anonymous }: UsersState, base: Base = {}): Base {
  const { filter = '', search = '', includeSegments, excludeSegments, within, ...rest } = base;
  const { definition } = audience;
  const { within: built, ...own } = toSelection({
    ...audience,
    search: audience.search || search,
    ...(definition && { definition: withAnonymous(definition, anonymous || rest.includeAnonymous) }),
  });
  // A user must be found by both searches.
  const both = search && audience.search ? [quotedText(search)] : [];
  const ofBase = flattened({
    within: { filter: joinTerms([...splitTerms(filter), ...both]), includeSegments, excludeSegments, within },
  });
  const around = joined(built, ofBase);
  return { ...rest, ...own, ...(around && { within: around }), ...(anonymous && { includeAnonymous: true }) };
}

/** Who is counted is said once, by the list. */
const withAnonymous = (definition: SegmentDefinition, included?: boolean): SegmentDefinition =>
  included ? { ...definition, includeAnonymous: true } : definition;

/** The same for lists, in as few words as possible: as people read it in a query of their own. */
export function whoOf(state: UsersState, base?: Base): Base {
  const { filter, includeSegments, excludeSegments, within, ...rest } = whoOfFacets(state, base);
  return { ...rest, ...flattened({ filter, includeSegments, excludeSegments, within }) };
}

/** The query whose rows the table shows; `columns` as in the table. */
export function profilesOptions(state: UsersState, columns: string[], base?: Base) {
  const { sort, page, rows } = state;
  return {
    ...whoOf(state, base),
    columns: attributesOf([USER, ...columns]),
    sort: sort.column === USER ? { ...sort, column: 'user_name' } : sort,
    limit: rows,
    offset: (page - 1) * rows,
  } satisfies ProfilesOptions;
}

/** Everything the view asks: the rows, how many of how many, the applications, and the facets, those of one limit together. */
export function targetsOf(
  state: UsersState,
  columns: string[],
  facets: string[],
  wishes: Record<string, FacetWish>,
  base?: Base
) {
  const who = whoOf(state, base);
  const everybody = whoOf({ ...state, audience: EVERYBODY }, base);
  const total = { columns: ['user_id'], limit: 1, includeTotal: true };
  const targets: Target[] = [
    { refId: 'rows', queryType: 'profiles', options: profilesOptions(state, columns, base) },
    { refId: 'total', queryType: 'profiles', options: { ...who, ...total } },
    { refId: 'universe', queryType: 'profiles', options: { ...everybody, ...total } },
    // What can be chosen is the same whatever narrows; counting it would read all users once more.
    { refId: 'applications', queryType: 'values', options: { attribute: APPLICATION.users, limit: MANY } },
  ];
  const limits = [...new Set(facets.map((attribute) => limitOf(wishes, attribute)))];
  for (const limit of limits) {
    const attributes = facets
      .filter((attribute) => limitOf(wishes, attribute) === limit)
      .map((attribute) => {
        const { only, without } = chosenOf(state, attribute);
        const values = [...new Set([...only, ...without])].filter((value) => value !== null);
        const { search } = wishes[attribute] ?? {};
        return { attribute, ...(search && { search }), ...(values.length > 0 && { values }) };
      });
    targets.push({
      refId: `facets${limit}`,
      queryType: 'facets',
      options: { ...whoOfFacets(state, base), attributes, limit },
    });
  }
  return targets;
}

/** Facets whose chosen values are lists of the audience. */
const LISTS: Record<string, 'segments' | 'applications'> = {
  segment: 'segments',
  [APPLICATION.users]: 'applications',
};

/** What the audience says of an attribute by listing values. */
export function chosenOf({ audience }: UsersState, attribute: string) {
  const chosen = chosenValues(audience.filter, attribute);
  const list = LISTS[attribute];
  return list ? { ...chosen, only: [...new Set<Value>([...audience[list], ...chosen.only])] } : chosen;
}

/**
 * The audience with other values chosen of an attribute, in its list where it has one, else in the filter. A list cannot say
 * that there is none.
 */
export function withChosen(audience: Audience, attribute: string, only: Value[], without: Value[]): Audience {
  const list = LISTS[attribute];
  const inList = list && !only.includes(null);
  return {
    ...audience,
    ...(list && { [list]: inList ? only : [] }),
    filter: chooseValues(audience.filter, attribute, inList ? [] : only, without),
  };
}

/** The applications that users can be chosen by, none until they are known. */
export const applicationsOf = (answer: Answer | undefined): string[] =>
  answer?.frames[0]?.fields.find(({ name }) => name === 'value')?.values ?? [];

/** The users counted, undefined where that was not answered. */
export const totalOf = (answer: Answer | undefined): number | undefined => answer?.frames[0]?.meta?.custom?.total;

export interface FacetAnswer {
  values?: Counted[];
  more: boolean;
  error?: string;
}

/** What was answered of one facet. */
export function facetOf(answer: Answer | undefined, attribute: string): FacetAnswer {
  const frame = answer?.frames.find(({ name }) => name === attribute);
  return { values: frame && countedIn(frame), more: Boolean(frame?.meta?.custom?.more), error: answer?.error };
}

/** The same list for the same frame, so that it tells whether something was answered. */
const counted = new WeakMap<DataFrame, Counted[]>();

function countedIn(frame: DataFrame): Counted[] {
  const list = counted.get(frame) ?? readCounted(frame);
  counted.set(frame, list);
  return list;
}

function readCounted({ fields, length }: DataFrame): Counted[] {
  const named = (name: string) => fields.find((field) => field.name === name);
  const [value, text, count] = ['value', 'text', 'count'].map((name) => named(name)!);
  const sentence = named('sentence');
  return Array.from({ length }, (_, row) => ({
    value: value.values[row],
    text: text.values[row] ?? '',
    count: count.values[row],
    ...(sentence && { sentence: sentence.values[row] }),
  }));
}
