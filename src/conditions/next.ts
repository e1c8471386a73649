/** What most often follows a page that was viewed, asked as the pathways after it. */
import { type DataFrame, type RawTimeRange } from '@grafana/data';

import { type PathwaysOptions, type SegmentSequence, type SegmentWindow } from '../query/types.gen';

import { formatEvent, parseEvent } from './event';

export interface NextQuestion {
  options: PathwaysOptions;
  range: RawTimeRange;
}

/** Pages and actions that are offered. */
const OFFERED = 8;

/** Where a sequence has no time of its own. */
const USUAL: RawTimeRange = { from: 'now-30d', to: 'now' };

/** Undefined where the event before is no page alone: pathways begin with pages. */
export function nextQuestion(
  before: string,
  { scope, window }: Pick<SegmentSequence, 'scope' | 'window'>,
  includeAnonymous: boolean
): NextQuestion | undefined {
  const page = pageOf(before);
  if (!page) {
    return undefined;
  }
  return {
    options: {
      ...{ anchor: 'after', page, steps: 2, actions: true, nodesPerStep: OFFERED, includeAnonymous },
      unit: scope === 'user' ? 'user' : 'session',
    },
    range: rangeOf(window),
  };
}

/** The one page that an event is a view of, as pathways take it; undefined of all that is more, or something else. */
export function pageOf(event: string): string | undefined {
  const { what, names, where } = parseEvent(event);
  const [{ value, pattern } = { value: '', pattern: false }, ...others] = names;
  // In a pathway a star is always any text.
  const isPlain = what === 'viewed' && !where && others.length === 0 && (pattern || !value.includes('*'));
  return (isPlain && value) || undefined;
}

/** The time that a window speaks of; the usual one of any time. */
export function rangeOf({ last, from, to }: SegmentWindow = {}): RawTimeRange {
  if (last && /^\d+[smhdw]$/.test(last)) {
    return { from: `now-${last}`, to: 'now' };
  }
  const [begin, end] = [from, to].map((text) => Date.parse(text ?? ''));
  return begin ? { from: String(begin), to: end ? String(end) : 'now' } : USUAL;
}

/** Events that follow, the most frequent first, and in how many sessions or for how many users. */
export function nextEvents(nodes: DataFrame | undefined): Array<{ event: string; count: number }> {
  const column = (name: string): unknown[] => [...(nodes?.fields.find((field) => field.name === name)?.values ?? [])];
  const [steps, kinds, names, counts] = ['step', 'kind', 'name', 'value'].map(column);
  return steps
    .flatMap((step, i) => {
      const what = ({ page: 'viewed', action: 'did' } as const)[String(kinds[i])];
      const name = { value: String(names[i]), pattern: false };
      return step === 2 && what
        ? [{ event: formatEvent({ what, names: [name], where: '' }), count: Number(counts[i]) }]
        : [];
    })
    .sort((a, b) => b.count - a.count);
}
