import { css } from '@emotion/css';
import { type GrafanaTheme2, type RawTimeRange } from '@grafana/data';
import { Button, Pagination, useStyles2 } from '@grafana/ui';
import React, { useEffect, useRef, useState } from 'react';

import { type Surrounding } from '../../api/ask';
import { useAnswers } from '../../api/useAnswers';
import { EmptyState } from '../../components/EmptyState';
import { Failure } from '../../components/Failure';
import { sessionsText } from '../../components/holders';
import { LoadingLine } from '../../components/LoadingLine';
import { Section } from '../../components/Section';
import { Stack } from '../../components/Stack';
import { type PathwaysOptions, type PathwayStep } from '../../query/types.gen';
import { t } from '../../text';
import { frameOf, SESSIONS } from '../user/questions';
import { Sessions } from '../user/Sessions';

interface Props {
  datasource: string;
  /** What the step is called. */
  name: string;
  options: PathwaysOptions;
  step: Omit<PathwayStep, 'options'>;
  range: RawTimeRange;
  around?: Surrounding;
  /** The page of a session. */
  hrefOf: (user: string, start: number) => string;
  onClose: () => void;
}

/** The sessions that are counted in a node or link. */
export function StepSessions({ datasource, name, options, step, range, around, hrefOf, onClose }: Props) {
  const styles = useStyles2(getStyles);
  const [page, setPage] = useState(1);
  const asked = {
    ...{ pathway: { options, ...step }, limit: SESSIONS, offset: (page - 1) * SESSIONS, includeTotal: true },
    ...(options.includeAnonymous && { includeAnonymous: true }),
  };
  const { of, loading, again } = useAnswers(
    datasource,
    [{ refId: 'sessions', queryType: 'sessions', options: asked }],
    range,
    around
  );
  const frame = frameOf(of.sessions, 'sessions');
  const total: number = frame?.meta?.custom?.total ?? 0;
  const start = useRef<HTMLDivElement>(null);
  useEffect(() => {
    start.current?.scrollIntoView({ block: 'nearest' });
  }, []);
  return (
    <div ref={start}>
      <Section
        title={t('pathways.sessionsOf', { name })}
        extra={
          <Stack>
            {frame && <span className={styles.note}>{sessionsText(total)}</span>}
            <Button
              {...{ variant: 'secondary', fill: 'text', size: 'sm', icon: 'times', onClick: onClose }}
              aria-label={t('pathways.closeSessions')}
            >
              {t('common.close')}
            </Button>
          </Stack>
        }
      >
        <LoadingLine loading={loading} />
        {of.sessions?.error && <Failure message={of.sessions.error} onRetry={again} />}
        {frame && frame.length > 0 && <Sessions label={t('pathways.sessionsOf', { name })} {...{ frame, hrefOf }} />}
        {frame?.length === 0 && !loading && <EmptyState icon="history" title={t('pathways.nobodyOfStep')} />}
        {total > SESSIONS && (
          <Pagination currentPage={page} numberOfPages={Math.ceil(total / SESSIONS)} onNavigate={setPage} />
        )}
      </Section>
    </div>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({ note: css({ color: theme.colors.text.secondary }) });
