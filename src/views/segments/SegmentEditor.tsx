import { css } from '@emotion/css';
import { type GrafanaTheme2 } from '@grafana/data';
import { Alert, Button, useStyles2 } from '@grafana/ui';
import React, { useEffect, useState } from 'react';

import { mayEdit } from '../../api/roles';
import { ConditionBuilder } from '../../components/conditions/ConditionBuilder';
import { useBuilding } from '../../components/conditions/useBuilding';
import { type Segment } from '../../query/types.gen';
import { t } from '../../text';

import { keepDraft, readDraft } from './drafts';
import { History } from './History';
import { PreviewLine } from './PreviewLine';
import { SegmentActions } from './SegmentActions';
import { type Places } from './SegmentView';

interface Props {
  datasource: string;
  /** Undefined for a new one. */
  segment?: Segment;
  places: Places;
  /** It was saved or computed. */
  onChanged: () => void;
}

/** A segment with its conditions and what they yield, live. */
export function SegmentEditor({ datasource, segment, places, onChanged }: Props) {
  const styles = useStyles2(getStyles);
  const id = segment?.id;
  const [kept] = useState(() => readDraft(datasource, id));
  const stored = segment?.definition;
  const isStatic = segment?.kind === 'static';
  const building = useBuilding(datasource, kept ?? stored, !isStatic);
  const { whole, finished, unfinished, previewed, problems, counting, onEdit } = building;
  const isChanged = stored ? JSON.stringify(whole) !== JSON.stringify(stored) : finished !== undefined;

  useEffect(() => {
    keepDraft(datasource, id, isChanged ? whole : undefined);
  }, [datasource, id, isChanged, whole]);

  return (
    <div className={styles.view} data-testid="segment view">
      <header>
        <h2 className={styles.name}>{segment?.name ?? t('segments.new')}</h2>
        {segment?.description && <p className={styles.note}>{segment.description}</p>}
      </header>
      {kept && isChanged && stored && (
        <Alert severity="info" title={t('segments.draft')}>
          <Button size="sm" variant="secondary" onClick={() => onEdit({ do: 'load', definition: stored })}>
            {t('segments.discard')}
          </Button>
        </Alert>
      )}
      <SegmentActions
        {...{ datasource, segment, places, isChanged, onChanged, preview: counting ? undefined : previewed.preview }}
        definition={finished}
        onSaved={() => keepDraft(datasource, id, undefined)}
      />
      {!mayEdit() && <p className={styles.note}>{t('segments.role')}</p>}
      {isStatic ? (
        <p>{t('segments.list', { n: segment.listed ?? 0 })}</p>
      ) : (
        <>
          <ConditionBuilder {...{ datasource, ...building }} />
          <PreviewLine
            {...{ previewed, nothing: !finished, unfinished, told: problems.size > 0, hrefOf: places.user }}
            anonymous={whole.includeAnonymous}
          />
        </>
      )}
      {segment && (
        <History {...{ datasource, id: segment.id, onUse: (definition) => onEdit({ do: 'load', definition }) }} />
      )}
    </div>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  view: css({ display: 'flex', flexDirection: 'column', gap: theme.spacing(2), maxWidth: 1200 }),
  name: css({ ...theme.typography.h3, margin: 0 }),
  note: css({ color: theme.colors.text.secondary, margin: 0 }),
});
