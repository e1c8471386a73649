import { useMemo, useReducer, useState } from 'react';

import { type Previewed, usePreview } from '../../api/usePreview';
import { begin, type Edit, edit, type Editing } from '../../conditions/edit';
import { countUnfinished, finishedPart, idAt, toDefinition } from '../../conditions/tree';
import { type SegmentDefinition } from '../../query/types.gen';

import { type Builder } from './builder';

/** A definition that is being built, and what is known of it. */
export interface Building extends Pick<Builder, 'counts' | 'problems' | 'counting'> {
  editing: Editing;
  onEdit: (what: Edit) => void;
  /** All of it, with what is not finished. */
  whole: SegmentDefinition;
  /** What of it is finished, undefined where nothing is. */
  finished?: SegmentDefinition;
  /** Conditions that are not. */
  unfinished: number;
  previewed: Previewed;
}

/** Builds on a definition, or from nothing; what is finished is counted as long as it is to be, with anonymous users or not. */
export function useBuilding(
  datasource: string,
  first: SegmentDefinition | undefined,
  isCounted = true,
  includeAnonymous = false
): Building {
  const [editing, onEdit] = useReducer(edit, first, begin);
  const { draft } = editing;
  const whole = useMemo(() => toDefinition(draft), [draft]);
  const part = useMemo(() => finishedPart(draft), [draft]);
  const counted = part.definition && (includeAnonymous ? { ...part.definition, includeAnonymous } : part.definition);
  const previewed = usePreview(datasource, isCounted ? counted : undefined);
  const { preview, refusal, counting } = previewed;

  // Numbers stay with the conditions that they were counted for.
  const [numbers, setNumbers] = useState<{ of?: typeof preview; counts: Map<string, number> }>({ counts: new Map() });
  if (!counting && numbers.of !== preview) {
    const levels = preview?.waterfall ?? [];
    setNumbers({
      of: preview,
      counts: new Map(levels.map(({ path, users }) => [idAt(part.ids, path) ?? path, users])),
    });
  }
  const problems = useMemo(() => {
    const at = refusal?.path ? idAt(part.ids, refusal.path) : undefined;
    return new Map(at && refusal && !counting ? [[at, refusal.message]] : []);
  }, [refusal, counting, part]);

  return {
    ...{ editing, onEdit, whole, finished: part.definition, unfinished: countUnfinished(draft.where) },
    ...{ previewed, counts: numbers.counts, problems, counting },
  };
}
