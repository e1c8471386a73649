import { useEffect, useState } from 'react';

import { keepDraft, readDraft } from '../../components/conditions/drafts';
import { type Building, useBuilding } from '../../components/conditions/useBuilding';
import { type SegmentDefinition } from '../../query/types.gen';

/**
 * Builds on a definition that stands in an address. There is no place there for what is not finished: all of it is kept until
 * the next time, `name` for name, and the builder is then open.
 */
export function useDraft(
  datasource: string,
  name: string,
  applied: SegmentDefinition | undefined,
  includeAnonymous: boolean
): { building: Building; isBuilding: boolean; setBuilding: (open: boolean) => void } {
  const onto = applied ? JSON.stringify(applied) : '';
  const [kept] = useState(() => {
    const draft = readDraft(datasource, name);
    return draft?.onto === onto ? draft.definition : undefined;
  });
  const [isBuilding, setBuilding] = useState(Boolean(kept));
  const building = useBuilding(datasource, kept ?? applied, isBuilding, includeAnonymous);
  const { whole, unfinished } = building;
  useEffect(() => {
    keepDraft(datasource, name, unfinished > 0 ? { definition: whole, onto } : undefined);
  }, [datasource, name, unfinished, whole, onto]);
  return { building, isBuilding, setBuilding };
}
