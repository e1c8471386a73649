/** The list of segments: which are shown, in which order. */
import { formatMoment } from '../../components/numbers';
import { type Segment, type SegmentKind } from '../../query/types.gen';
import { t } from '../../text';

export const COLUMNS = ['name', 'size', 'weekChange', 'computedAt', 'kind', 'changedAt'] as const;

export type ListColumn = (typeof COLUMNS)[number];

/** How the members stand: computed as they should be, older than that, or not computable. */
export const FRESHNESS = ['fresh', 'late', 'failed'] as const;

export type SegmentFreshness = (typeof FRESHNESS)[number];

export interface ListState {
  search: string;
  kind?: SegmentKind;
  freshness?: SegmentFreshness;
  sort: { column: ListColumn; descending: boolean };
}

export const DEFAULT_LIST: ListState = { search: '', sort: { column: 'name', descending: false } };

/** A computation may wait for its turn for so long, in milliseconds. */
const GRACE = 5 * 60_000;

export function freshnessOf({ error, computedAt, stale, nextAt }: Segment, now = Date.now()): SegmentFreshness {
  if (error) {
    return 'failed';
  }
  const overdue = nextAt !== null && Date.parse(nextAt) + GRACE < now;
  return stale || !computedAt || overdue ? 'late' : 'fresh';
}

/** Those that the state leaves, in its order; where something is not known, a segment comes last. */
export function arrange(segments: Segment[], { search, kind, freshness, sort }: ListState, now?: number): Segment[] {
  const wanted = search.trim().toLowerCase();
  const found = segments.filter(
    (segment) =>
      textOf(segment).includes(wanted) &&
      (!kind || segment.kind === kind) &&
      (!freshness || freshnessOf(segment, now) === freshness)
  );
  const sign = sort.descending ? -1 : 1;
  return found.sort((a, b) => {
    const [x, y] = [a[sort.column] ?? undefined, b[sort.column] ?? undefined];
    if (x === undefined || y === undefined) {
      return Number(x === undefined) - Number(y === undefined);
    }
    return sign * (typeof x === 'string' ? x.localeCompare(String(y), 'en', { numeric: true }) : x - Number(y));
  });
}

const textOf = ({ id, name, sentence, description = '' }: Segment) =>
  `${id} ${name} ${sentence} ${description}`.toLowerCase();

/** A long text without its middle: how it begins and ends says more of it. */
export function cutMiddle(text: string, length: number): string {
  const chars = [...text];
  if (chars.length <= length) {
    return text;
  }
  const half = Math.floor((length - 3) / 2);
  return `${chars.slice(0, half).join('').trimEnd()} … ${chars.slice(-half).join('').trimStart()}`;
}

/** The state as parameters of an address; what is as usual is left out. */
export function toParameters({ search, kind, freshness, sort }: ListState): string[][] {
  const usual = DEFAULT_LIST.sort;
  const isUsual = sort.column === usual.column && sort.descending === usual.descending;
  return [
    ...(search ? [['s', search]] : []),
    ...(kind ? [['kind', kind]] : []),
    ...(freshness ? [['state', freshness]] : []),
    ...(isUsual ? [] : [['sort', `${sort.descending ? '-' : ''}${sort.column}`]]),
  ];
}

/** The state of an address; what it lacks or says wrongly is as usual. */
export function fromParameters(parameters: URLSearchParams): ListState {
  const sort = parameters.get('sort') ?? '';
  const column = COLUMNS.find((one) => one === sort.replace(/^-/, ''));
  const kinds: SegmentKind[] = ['dynamic', 'static'];
  return {
    search: parameters.get('s') ?? '',
    kind: kinds.find((one) => one === parameters.get('kind')),
    freshness: FRESHNESS.find((one) => one === parameters.get('state')),
    sort: column ? { column, descending: sort.startsWith('-') } : DEFAULT_LIST.sort,
  };
}

/** When a segment is computed next. */
export const nextText = (nextAt?: string | null) =>
  nextAt ? t('segments.next', { when: formatMoment(Date.parse(nextAt)) }) : t('segments.onDemand');
