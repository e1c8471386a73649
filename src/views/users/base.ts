/** What a panel's own query says of users; what a person does in the panel is laid over it. */
import { flattened, segmentLists } from '../../audience/audience';
import { termText } from '../../audience/termText';
import { splitTerms } from '../../audience/terms';
import { definitionText, segmentsNamed } from '../../conditions/sentence';
import { type Known } from '../../conditions/words';
import { adHocFilterText } from '../../query/adHocFilters';
import { type SegmentRef, type WhichUsers } from '../../query/types.gen';
import { t } from '../../text';

/** Variables have their values in it, and the dashboard's filters are among its own. */
export type Base = WhichUsers;

/** All it says, one thing after the other; empty where it says nothing. */
export function baseText({ search, filters = [], activeInRange, ...selection }: Base, known: Known): string {
  const flat = flattened(selection);
  const { filter = '', excludeSegments = [] } = flat;
  const names = (refs: SegmentRef[]) => refs.map((ref) => segmentName(ref, known)).join(' or ');
  return [
    ...segmentLists(flat).map((list) => t('audience.segment', { name: names(list) })),
    ...(excludeSegments.length > 0 ? [t('audience.noSegment', { name: names(excludeSegments) })] : []),
    ...splitTerms(filter).map((term) => termText(term, known.attributes)),
    ...filters.map(adHocFilterText),
    ...(search ? [t('audience.search', { search })] : []),
    ...(activeInRange ? [t('audience.active')] : []),
  ].join('; ');
}

const segmentName = (ref: SegmentRef, known: Known) =>
  typeof ref === 'string'
    ? (known.segments.find(({ id }) => id === ref)?.name ?? ref)
    : t('audience.ownSegment', { who: definitionText(ref, known) });

/** The ids of stored segments that it names. */
export function segmentsOf({ search, filters, activeInRange, ...selection }: Base): string[] {
  const { excludeSegments = [], ...rest } = flattened(selection);
  return [...segmentLists(rest).flat(), ...excludeSegments].flatMap((ref) =>
    typeof ref === 'string' ? [ref] : segmentsNamed(ref)
  );
}
