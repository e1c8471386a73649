/** The time that a definition speaks of: that of the first thing that all of its users did. */
import { type RawTimeRange } from '@grafana/data';

import { type SegmentCondition, type SegmentDefinition } from '../query/types.gen';

import { rangeOf } from './next';

/** Undefined where it names no time. Sequences come first: one deed alone says less of where they went. */
export function spanOf({ where }: SegmentDefinition): RawTimeRange | undefined {
  const deeds = all(where);
  const windows = [...deeds.map(({ sequence }) => sequence?.window), ...deeds.map(({ did }) => did?.window)];
  const window = windows.find(Boolean);
  return window && rangeOf(window);
}

const all = (where: SegmentCondition): SegmentCondition[] => where.all?.flatMap(all) ?? [where];
