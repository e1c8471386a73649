import { css } from '@emotion/css';
import { type GrafanaTheme2 } from '@grafana/data';
import { IconButton, useStyles2 } from '@grafana/ui';
import React from 'react';

import { ConditionBuilder } from '../../components/conditions/ConditionBuilder';
import { type Building } from '../../components/conditions/useBuilding';
import { Failure } from '../../components/Failure';
import { Stack } from '../../components/Stack';
import { type SegmentDefinition } from '../../query/types.gen';
import { t } from '../../text';

interface Props {
  datasource: string;
  building: Building;
  /** All else that narrows the list, where a segment can say it. */
  among?: SegmentDefinition;
  /** Something else narrows the list, too, of which the counts beside the conditions know nothing. */
  narrowed: boolean;
  onClose: () => void;
}

/** The builder above the list, which shows whom the conditions leave. */
export function Conditions({ datasource, building, among, narrowed, onClose }: Props) {
  const styles = useStyles2(getStyles);
  const { previewed, problems, counting, unfinished } = building;
  const { preview, refusal, again } = previewed;
  return (
    <section className={styles.panel} aria-label={t('users.conditions')}>
      <Stack spread>
        <h3 className={styles.title}>{t('users.conditions')}</h3>
        <IconButton name="angle-up" tooltip={t('users.closeConditions')} onClick={onClose} />
      </Stack>
      <ConditionBuilder {...{ datasource, among, ...building }} />
      {preview && !refusal && <p className={styles.sentence}>{preview.sentence}</p>}
      {refusal && !counting && problems.size === 0 && <Failure message={refusal.message} onRetry={again} />}
      {unfinished > 0 && (
        <p className={styles.note}>
          {unfinished === 1 ? t('users.incompleteOne') : t('users.incomplete', { n: unfinished })}
        </p>
      )}
      {narrowed && building.counts.size > 0 && <p className={styles.note}>{t('users.countsAlone')}</p>}
    </section>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  panel: css({
    ...{
      display: 'flex',
      flexDirection: 'column',
      gap: theme.spacing(1),
      padding: theme.spacing(1.5),
      p: { margin: 0 },
    },
    ...{ border: `1px solid ${theme.colors.border.weak}`, borderRadius: theme.shape.radius.default },
    background: theme.colors.background.secondary,
  }),
  title: css({ ...theme.typography.h5, margin: 0 }),
  sentence: css({ color: theme.colors.text.secondary, '&::first-letter': { textTransform: 'uppercase' } }),
  note: css({ color: theme.colors.text.secondary }),
});
