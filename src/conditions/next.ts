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
  const { what, value, pattern, where } = parseEvent(before);
  // In a pathway a star is always any text.
  if (what !== 'viewed' || !value || where || (value.includes('*') && !pattern)) {
    return undefined;
  }
  return {
    options: {
      ...{ anchor: 'after', page: value, steps: 2, actions: true, nodesPerStep: OFFERED, includeAnonymous },
      unit: scope === 'user' ? 'user' : 'session',
    },
    range: rangeOf(window),
  };
}

function rangeOf({ last, from, to }: SegmentWindow = {}): RawTimeRange {
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
      const choice = { value: String(names[i]), pattern: false, where: '' };
      return step === 2 && what ? [{ event: formatEvent({ what, ...choice }), count: Number(counts[i]) }] : [];
    })
    .sort((a, b) => b.count - a.count);
}
