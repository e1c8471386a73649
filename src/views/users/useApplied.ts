import { useEffect, useMemo, useRef, useState } from 'react';

import { type Building } from '../../components/conditions/useBuilding';
import { begin } from '../../conditions/edit';
import { finishedPart } from '../../conditions/tree';
import { type SegmentDefinition } from '../../query/types.gen';

/** How long a definition may rest before the list is asked for it, in milliseconds. */
const REST = 500;

/**
 * Keeps what is built and what is applied the same: what is built is applied when it has rested for a moment, and what was
 * applied by somebody else, Back for one, is built on. While nothing of it is finished, what was finished last stays.
 */
export function useApplied(
  { finished, unfinished, editing, onEdit }: Building,
  applied: SegmentDefinition | undefined,
  apply: (definition: SegmentDefinition | undefined) => void
) {
  const built = textOf(finished);
  const text = textOf(applied);
  const wanted = useMemo(() => asBuilt(text), [text]);
  const [before, setBefore] = useState(wanted);
  if (wanted !== before) {
    setBefore(wanted);
    if (wanted !== built) {
      onEdit(wanted ? { do: 'load', definition: JSON.parse(wanted) } : { do: 'remove', id: editing.draft.where.id });
    }
  }
  const latest = useRef(apply);
  useEffect(() => {
    latest.current = apply;
  });
  const isNews = built !== wanted && (built !== '' || unfinished === 0);
  useEffect(() => {
    if (!isNews) {
      return;
    }
    const timer = setTimeout(() => latest.current(built ? JSON.parse(built) : undefined), REST);
    return () => clearTimeout(timer);
  }, [isNews, built]);
}

const textOf = (definition?: SegmentDefinition) => (definition ? JSON.stringify(definition) : '');

/** A definition's text in the order in which the builder writes it. */
const asBuilt = (text: string) => (text ? textOf(finishedPart(begin(JSON.parse(text)).draft).definition) : '');
