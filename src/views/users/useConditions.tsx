import React, { type ReactNode } from 'react';

import { type Audience, isEverybody } from '../../audience/audience';
import { AddCondition } from '../../components/conditions/AddCondition';
import { type SegmentDefinition } from '../../query/types.gen';
import { t } from '../../text';

import { Conditions } from './Conditions';
import { useApplied } from './useApplied';
import { useDraft } from './useDraft';

interface Asked {
  datasource: string;
  /** The place where the view stands, by which conditions that are not finished are kept. */
  draft: string;
  audience: Audience;
  anonymous: boolean;
  /** All else that narrows, where a segment can say it. */
  among?: SegmentDefinition;
  onDefinition: (definition: SegmentDefinition | undefined) => void;
}

/** Conditions of an audience, built where they count: what adds one, what opens the builder, and the builder if it is open. */
export function useConditions({ datasource, draft, audience, anonymous, among, onDefinition }: Asked): {
  add: ReactNode;
  onEdit: () => void;
  builder: ReactNode;
} {
  const { building, isBuilding, setBuilding } = useDraft(datasource, draft, audience.definition, anonymous);
  useApplied(building, audience.definition, onDefinition);
  return {
    add: (
      <AddCondition
        text={t('audience.addCondition')}
        onAdd={(condition) => {
          building.onEdit({ do: 'add', condition });
          setBuilding(true);
        }}
      />
    ),
    onEdit: () => setBuilding(true),
    builder: isBuilding && (
      <Conditions
        {...{ datasource, building, among, narrowed: !isEverybody({ ...audience, definition: undefined }) }}
        onClose={() => setBuilding(false)}
      />
    ),
  };
}
