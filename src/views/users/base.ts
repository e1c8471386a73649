/** What a panel's own query says of users; what a person does in the panel is laid over it. */
import { termText } from '../../audience/termText';
import { splitTerms } from '../../audience/terms';
import { adHocFilterText } from '../../query/adHocFilters';
import { type Attribute, type ProfilesOptions, type Segment, type SegmentRef } from '../../query/types.gen';
import { t } from '../../text';

/** Variables have their values in it, and the dashboard's filters are among its own. */
export type Base = Pick<
  ProfilesOptions,
  'search' | 'filter' | 'filters' | 'includeSegments' | 'excludeSegments' | 'includeAnonymous' | 'activeInRange'
>;

/** All it says, one thing after the other; empty where it says nothing. */
export function baseText(base: Base, attributes: Attribute[], segments: Segment[]): string {
  const { search, filter = '', filters = [], includeSegments = [], excludeSegments = [], activeInRange } = base;
  const names = (refs: SegmentRef[]) => refs.map((ref) => segmentName(ref, segments)).join(' or ');
  return [
    ...(includeSegments.length > 0 ? [t('audience.segment', { name: names(includeSegments) })] : []),
    ...(excludeSegments.length > 0 ? [t('audience.noSegment', { name: names(excludeSegments) })] : []),
    ...splitTerms(filter).map((term) => termText(term, attributes)),
    ...filters.map(adHocFilterText),
    ...(search ? [t('audience.search', { search })] : []),
    ...(activeInRange ? [t('audience.active')] : []),
  ].join('; ');
}

const segmentName = (ref: SegmentRef, segments: Segment[]) =>
  typeof ref === 'string' ? (segments.find(({ id }) => id === ref)?.name ?? ref) : t('audience.ownSegment');

/** The ids of stored segments that it names. */
export const segmentsOf = ({ includeSegments = [], excludeSegments = [] }: Base): string[] =>
  [...includeSegments, ...excludeSegments].filter((ref) => typeof ref === 'string');
