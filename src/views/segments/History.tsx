import { css } from '@emotion/css';
import { type GrafanaTheme2 } from '@grafana/data';
import { Button, useStyles2 } from '@grafana/ui';
import React, { useState } from 'react';

import { useResource } from '../../api/useResource';
import { Failure } from '../../components/Failure';
import { LoadingLine } from '../../components/LoadingLine';
import { Stack } from '../../components/Stack';
import { TimeAgo } from '../../components/TimeAgo';
import { type SegmentChange, type SegmentContent, type SegmentDefinition } from '../../query/types.gen';
import { t } from '../../text';

import { segmentPath } from './useSegment';

interface Props {
  datasource: string;
  id: string;
  /** Takes an earlier definition up again, as a change that is not saved yet. */
  onUse: (definition: SegmentDefinition) => void;
}

/** Who changed a segment when; asked for once it is opened. */
export function History({ datasource, id, onUse }: Props) {
  const styles = useStyles2(getStyles);
  const [open, setOpen] = useState(false);
  const {
    value: changes,
    error,
    again,
  } = useResource<SegmentChange[]>(datasource, open ? `${segmentPath(id)}/history` : undefined);
  return (
    <section aria-label={t('segments.history')}>
      <Button
        {...{ variant: 'secondary', fill: 'text', icon: open ? 'angle-down' : 'angle-right', 'aria-expanded': open }}
        onClick={() => setOpen(!open)}
      >
        {t('segments.history')}
      </Button>
      {open && error && <Failure message={error} onRetry={again} />}
      {open && !changes && !error && <LoadingLine loading />}
      {open && changes && (
        <ul className={styles.list}>
          {changes.map((change, i) => (
            <li key={`${change.changedAt} ${i}`} className={styles.change}>
              <span>{t(`segments.change.${change.change}`, { who: change.changedBy || t('segments.somebody') })}</span>
              <Stack>
                <span className={styles.note}>
                  <TimeAgo ms={Date.parse(change.changedAt)} />
                </span>
                {i > 0 && definitionOf(change) && (
                  <Button size="sm" variant="secondary" fill="text" onClick={() => onUse(definitionOf(change)!)}>
                    {t('segments.useVersion')}
                  </Button>
                )}
              </Stack>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

/** What the segment said then; lists have none. */
const definitionOf = ({ content }: SegmentChange) => (content as Partial<SegmentContent> | null)?.definition;

const getStyles = (theme: GrafanaTheme2) => ({
  list: css({ listStyle: 'none' }),
  change: css({
    ...{ display: 'flex', justifyContent: 'space-between', alignItems: 'center', gap: theme.spacing(1) },
    ...{ minHeight: theme.spacing(5), padding: theme.spacing(0.5, 1) },
    borderBottom: `1px solid ${theme.colors.border.weak}`,
  }),
  note: css({ color: theme.colors.text.secondary }),
});
