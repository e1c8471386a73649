import { css } from '@emotion/css';
import { type DataFrame, type GrafanaTheme2 } from '@grafana/data';
import { Button, Pagination, useStyles2 } from '@grafana/ui';
import React from 'react';

import { type Answers } from '../../api/useAnswers';
import { EmptyState } from '../../components/EmptyState';
import { Failure } from '../../components/Failure';
import { LoadingLine } from '../../components/LoadingLine';
import { sessionsText } from '../../components/holders';
import { formatAgo } from '../../components/numbers';
import { Section } from '../../components/Section';
import { t } from '../../text';

import { Events } from './Events';
import { fieldOf, frameOf, SESSIONS, valueOf } from './questions';
import { Sessions } from './Sessions';
import { type UserState } from './state';

interface Props {
  state: UserState;
  answers: Answers;
  profile: DataFrame;
  onChange: (part: Partial<UserState>) => void;
}

/** The user's sessions in the range, by pages, and the events of the one that is open. */
export function SessionsSection({ state, answers, profile, onChange }: Props) {
  const styles = useStyles2(getStyles);
  const { sessions, session } = answers.of;
  const list = frameOf(sessions, 'sessions');
  const total: number = list?.meta?.custom?.total ?? 0;
  const found =
    state.session && isOf(session, Number(state.session), answers.loading) ? frameOf(session, 'session') : undefined;
  // Until it was found, the one that starts then is open, which is what a click on it says.
  const open = state.session
    ? ((found && valueOf<number>(found, 'session_start')) ?? Number(state.session))
    : undefined;
  const listed = list && open !== undefined && fieldOf(list, 'session_start')!.values.includes(open);
  const toggle = (start?: number) => onChange({ session: start === undefined ? '' : String(start) });
  const events = (
    <Open
      key={state.session}
      answer={found && session}
      loading={answers.loading}
      onRetry={answers.again}
      start={open}
      at={Number(state.session)}
    />
  );
  return (
    <>
      {found && !listed && !answers.loading && (
        <Section
          title={t('user.linked')}
          extra={
            <Button variant="secondary" fill="text" size="sm" icon="times" onClick={() => toggle()}>
              {t('common.close')}
            </Button>
          }
        >
          {found.length === 0 ? (
            <span className={styles.note}>{t('user.noSession')}</span>
          ) : (
            <Sessions {...{ label: t('user.linked'), frame: found, open, onOpen: toggle }}>{events}</Sessions>
          )}
        </Section>
      )}
      <Section title={t('user.sessions')} extra={list && <span className={styles.note}>{sessionsText(total)}</span>}>
        {sessions?.error && <Failure message={sessions.error} onRetry={answers.again} />}
        {list && list.length > 0 && (
          <Sessions {...{ label: t('user.sessions'), frame: list, open, onOpen: toggle }}>{events}</Sessions>
        )}
        {list?.length === 0 && !answers.loading && <NoSessions profile={profile} onChange={onChange} />}
        {total > SESSIONS && (
          <Pagination
            currentPage={state.page}
            numberOfPages={Math.ceil(total / SESSIONS)}
            onNavigate={(page) => onChange({ page, session: '' })}
          />
        )}
      </Section>
    </>
  );
}

/** Whether that is the answer to what was asked last: as long as it is awaited, the one before is shown. */
function isOf(answer: Answers['of'][string], at: number, loading: boolean): boolean {
  const frame = frameOf(answer, 'session');
  if (!frame || frame.length === 0) {
    return !loading;
  }
  const start = valueOf<number>(frame, 'session_start')!;
  return start <= at && at <= start + (valueOf<number>(frame, 'duration') ?? 0);
}

interface OpenProps {
  answer: Answers['of'][string];
  loading: boolean;
  onRetry: () => void;
  /** When the session starts, and the moment that was asked for: another one is marked. */
  start?: number;
  at: number;
}

function Open({ answer, loading, onRetry, start, at }: OpenProps) {
  const frame = frameOf(answer, 'events');
  return (
    <>
      {!frame && <LoadingLine loading={loading} />}
      {!loading && answer?.error && <Failure message={answer.error} onRetry={onRetry} />}
      {frame && <Events frame={frame} at={at === start ? undefined : at} />}
    </>
  );
}

/** Why there are none, and a range that has all there are. */
function NoSessions({ profile, onChange }: Pick<Props, 'profile' | 'onChange'>) {
  const first = valueOf<number>(profile, 'first_seen');
  const last = valueOf<number>(profile, 'last_seen');
  return (
    <EmptyState
      icon="history"
      title={t('user.noSessions')}
      help={last !== undefined && t('user.noSessionsHelp', { when: formatAgo(last) })}
    >
      {first !== undefined && (
        <Button onClick={() => onChange({ page: 1, range: { from: String(first), to: 'now' } })}>
          {t('user.allTime')}
        </Button>
      )}
    </EmptyState>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({ note: css({ color: theme.colors.text.secondary }) });
