import { css } from '@emotion/css';
import { type GrafanaTheme2 } from '@grafana/data';
import { Alert, Button, useStyles2 } from '@grafana/ui';
import React, { useEffect, useState } from 'react';

import { mayEdit } from '../../api/roles';
import { ConditionBuilder } from '../../components/conditions/ConditionBuilder';
import { keepDraft, readDraft } from '../../components/conditions/drafts';
import { useBuilding } from '../../components/conditions/useBuilding';
import { type Segment } from '../../query/types.gen';
import { t } from '../../text';

import { PreviewLine } from './PreviewLine';
import { SegmentActions } from './SegmentActions';
import { SegmentParts } from './SegmentParts';
import { type Places } from './SegmentView';
import { type SegmentState } from './state';

interface Props {
  datasource: string;
  /** Undefined for a new one. */
  segment?: Segment;
  state: SegmentState;
  places: Places;
  onState: (state: SegmentState, typing?: boolean) => void;
  /** It was saved or computed. */
  onChanged: () => void;
}

/** A segment with its conditions and what they yield, live, and all else that is known of it. */
export function SegmentEditor({ datasource, segment, state, places, onState, onChanged }: Props) {
  const styles = useStyles2(getStyles);
  const name = segment?.id ?? '';
  const [kept] = useState(() => readDraft(datasource, name)?.definition);
  const stored = segment?.definition;
  const isStatic = segment?.kind === 'static';
  const isBuilding = !isStatic && (!segment || state.tab === 'conditions');
  const building = useBuilding(datasource, kept ?? stored, isBuilding);
  const { whole, finished, unfinished, previewed, problems, counting, onEdit } = building;
  const isChanged = stored ? JSON.stringify(whole) !== JSON.stringify(stored) : finished !== undefined;

  const { where } = building.editing.draft;
  const isBegun = stored ? isChanged : where.kind !== 'group' || where.nodes.length > 0;
  useEffect(() => {
    keepDraft(datasource, name, isBegun ? { definition: whole } : undefined);
  }, [datasource, name, isBegun, whole]);

  const conditions = isStatic ? (
    <p>{t('segments.list', { n: segment.listed ?? 0 })}</p>
  ) : (
    <div className={styles.conditions}>
      {!mayEdit() && <p className={styles.note}>{t('segments.role')}</p>}
      {kept && isChanged && stored && (
        <Alert severity="info" title={t('segments.draft')}>
          <Button size="sm" variant="secondary" onClick={() => onEdit({ do: 'load', definition: stored })}>
            {t('segments.discard')}
          </Button>
        </Alert>
      )}
      <ConditionBuilder {...{ datasource, ...building }} />
      <PreviewLine
        {...{ previewed, nothing: !finished, unfinished, told: problems.size > 0, hrefOf: places.user }}
        anonymous={whole.includeAnonymous}
      />
    </div>
  );
  return (
    <div className={styles.view} data-testid="segment view">
      {segment?.description && <p className={styles.note}>{segment.description}</p>}
      <SegmentActions
        {...{ datasource, segment, places, isChanged, onChanged, preview: counting ? undefined : previewed.preview }}
        definition={finished}
        onSaved={() => keepDraft(datasource, name, undefined)}
      />
      {segment ? (
        <SegmentParts
          {...{ datasource, segment, state, places, onState, isChanged, conditions }}
          onUse={(definition) => {
            onEdit({ do: 'load', definition });
            onState({ ...state, tab: 'conditions' });
          }}
        />
      ) : (
        conditions
      )}
    </div>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  view: css({
    ...{ display: 'flex', flexDirection: 'column', gap: theme.spacing(2), minWidth: 0, containerType: 'inline-size' },
  }),
  conditions: css({ display: 'flex', flexDirection: 'column', gap: theme.spacing(2), maxWidth: 1200 }),
  note: css({ color: theme.colors.text.secondary, margin: 0 }),
});
