import { css } from '@emotion/css';
import { type GrafanaTheme2, type RawTimeRange } from '@grafana/data';
import { Pagination, useStyles2 } from '@grafana/ui';
import React, { useState } from 'react';

import { type Surrounding } from '../../api/ask';
import { useAnswers } from '../../api/useAnswers';
import { EmptyState } from '../../components/EmptyState';
import { Failure } from '../../components/Failure';
import { sessionsText } from '../../components/holders';
import { LoadingLine } from '../../components/LoadingLine';
import { type PathwayStep } from '../../query/types.gen';
import { t } from '../../text';
import { frameOf, SESSIONS } from '../user/questions';
import { Sessions } from '../user/Sessions';

/** A node or link, and what it is one of. */
export interface Listed {
  datasource: string;
  /** What it is called. */
  name: string;
  pathway: PathwayStep;
  range: RawTimeRange;
  around?: Surrounding;
}

interface Props extends Listed {
  /** The page of a session. */
  hrefOf: (user: string, start: number) => string;
}

/** The sessions that are counted in a node or link. */
export function StepSessions({ datasource, name, pathway, range, around, hrefOf }: Props) {
  const styles = useStyles2(getStyles);
  const [page, setPage] = useState(1);
  const asked = {
    ...{ pathway, limit: SESSIONS, offset: (page - 1) * SESSIONS, includeTotal: true },
    ...(pathway.options.includeAnonymous && { includeAnonymous: true }),
  };
  const { of, loading, again } = useAnswers(
    datasource,
    [{ refId: 'sessions', queryType: 'sessions', options: asked }],
    range,
    around
  );
  const frame = frameOf(of.sessions, 'sessions');
  const total: number = frame?.meta?.custom?.total ?? 0;
  return (
    <>
      <LoadingLine loading={loading} />
      {frame && <span className={styles.note}>{sessionsText(total)}</span>}
      {of.sessions?.error && <Failure message={of.sessions.error} onRetry={again} />}
      {frame && frame.length > 0 && <Sessions label={t('pathways.sessionsOf', { name })} {...{ frame, hrefOf }} />}
      {frame?.length === 0 && !loading && <EmptyState icon="history" title={t('pathways.nobodyOfStep')} />}
      {total > SESSIONS && (
        <Pagination currentPage={page} numberOfPages={Math.ceil(total / SESSIONS)} onNavigate={setPage} />
      )}
    </>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({ note: css({ color: theme.colors.text.secondary }) });
