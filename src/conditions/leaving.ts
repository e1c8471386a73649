/** Where to look for those of a definition who leave: behind the page that they came to first, in the time that it speaks of. */
import { type RawTimeRange } from '@grafana/data';

import { type SegmentCondition, type SegmentDefinition, type SegmentWindow } from '../query/types.gen';

import { pageOf, rangeOf } from './next';

export interface Leaving {
  /** Undefined where it begins with something else, or with nothing that all of them did. */
  page?: string;
  /** Undefined where it names no time. */
  range?: RawTimeRange;
}

interface Deed {
  event?: string;
  window?: SegmentWindow;
}

/** What all of them did, sequences first: one deed alone says less of where they went. */
export function leavingOf({ where }: SegmentDefinition): Leaving {
  const did = deedsOf(where, ({ did }) => did);
  const begun = deedsOf(
    where,
    ({ sequence }) => sequence && { event: sequence.steps[0].event, window: sequence.window }
  );
  const deeds = [...begun, ...did];
  const deed = deeds.find(({ event }) => pageOf(event ?? '')) ?? deeds.find(({ window }) => window);
  const page = pageOf(deed?.event ?? '');
  return { ...(page && { page }), ...(deed?.window && { range: rangeOf(deed.window) }) };
}

const deedsOf = (where: SegmentCondition, of: (condition: SegmentCondition) => Deed | undefined): Deed[] => {
  const deed = of(where);
  return deed ? [deed] : (where.all ?? []).flatMap((one) => deedsOf(one, of));
};
