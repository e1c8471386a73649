import { css } from '@emotion/css';
import { type GrafanaTheme2 } from '@grafana/data';
import { Button, Pagination, useStyles2 } from '@grafana/ui';
import React, { type ReactNode, useEffect, useRef, useState } from 'react';

import { frameOf, valueOf } from '../../api/frames';
import { type Answers } from '../../api/useAnswers';
import { Failure } from '../../components/Failure';
import { sessionsText } from '../../components/holders';
import { LoadingLine } from '../../components/LoadingLine';
import { Section } from '../../components/Section';
import { Stack } from '../../components/Stack';
import { t } from '../../text';

import { type HrefOfSession, type HrefOfTrouble, isSame, keyOf, type SessionKey, SESSIONS } from './questions';
import { SessionsTable } from './SessionsTable';
import { Timeline } from './Timeline';
import { type HrefOfTrace } from './traces';

interface Props {
  /** None where the page has it: then it is their number. */
  title?: string;
  /** To pageOfSessions, and to oneSession where one is asked for. */
  answers: Answers;
  page: number;
  onPage: (page: number) => void;
  /** What is asked for; its start may be any moment of it. */
  asked?: SessionKey;
  onAsk: (session: SessionKey | undefined) => void;
  /** What else narrows the list. */
  narrowed?: ReactNode;
  /** Why there are none. */
  empty: ReactNode;
  /** The page of a user, with a moment of a session. */
  hrefOf: HrefOfSession;
  hrefOfTrouble: HrefOfTrouble;
  hrefOfTrace?: HrefOfTrace;
  /** They are of many users. */
  ofMany?: boolean;
  /** Beside the title. */
  extra?: ReactNode;
}

/** Sessions by pages, and the events of the one that is open, wherever it lies. */
export function SessionsList({
  title,
  answers,
  page,
  onPage,
  asked,
  onAsk,
  narrowed,
  empty,
  hrefOf,
  hrefOfTrouble,
  hrefOfTrace,
  ofMany,
  extra,
}: Props) {
  const styles = useStyles2(getStyles);
  const [linked] = useState(asked); // by the address, not by a click here
  const { sessions, session } = answers.of;
  const list = frameOf(sessions, 'sessions');
  const total: number = list?.meta?.custom?.total ?? 0;
  const found = asked && isOf(session, asked, answers.loading) ? frameOf(session, 'session') : undefined;
  const shown = found && found.length > 0 ? keyOf(found, 0) : undefined;
  // Until it was found, the one that starts then is open, which is what a click on it says.
  const isOpen = (key: SessionKey) =>
    shown ? isSame(key, shown) : key.start === asked?.start && key.user === asked.user;
  const listed = list && Array.from({ length: list.length }, (_, row) => keyOf(list, row)).some(isOpen);
  const label = title ?? t('sessions.title');
  const events = asked && (
    <Open
      key={JSON.stringify(asked)}
      answer={found && session}
      loading={answers.loading}
      onRetry={answers.again}
      asked={asked}
      shown={shown}
      reveal={linked !== undefined && isSame(linked, asked)}
      {...{ hrefOf, hrefOfTrace }}
    />
  );
  const table = { isOpen, onOpen: onAsk, children: events, hrefOfTrouble, ...(ofMany && { hrefOf }) };
  return (
    <>
      {found && !listed && !answers.loading && (
        <Section
          title={t('sessions.linked')}
          extra={
            <Button variant="secondary" fill="text" size="sm" icon="times" onClick={() => onAsk(undefined)}>
              {t('common.close')}
            </Button>
          }
        >
          {found.length === 0 ? (
            <span className={styles.note}>{t('sessions.noSession')}</span>
          ) : (
            <SessionsTable {...table} label={t('sessions.linked')} frame={found} />
          )}
        </Section>
      )}
      <Section
        title={title ?? (list ? sessionsText(total) : label)}
        extra={
          <Stack wrap>
            {list && title && <span className={styles.note}>{sessionsText(total)}</span>}
            {extra}
          </Stack>
        }
      >
        {narrowed}
        {sessions?.error && <Failure message={sessions.error} onRetry={answers.again} />}
        {list && list.length > 0 && <SessionsTable {...{ ...table, label }} frame={list} />}
        {list?.length === 0 && !answers.loading && empty}
        {total > SESSIONS && (
          <Pagination currentPage={page} numberOfPages={Math.ceil(total / SESSIONS)} onNavigate={onPage} />
        )}
      </Section>
    </>
  );
}

/** Whether that is the answer to what was asked last: as long as it is awaited, the one before is shown. */
function isOf(answer: Answers['of'][string], asked: SessionKey, loading: boolean): boolean {
  const frame = frameOf(answer, 'session');
  if (!frame || frame.length === 0) {
    return !loading;
  }
  const { start, user, id } = keyOf(frame, 0);
  const end = start + (valueOf<number>(frame, 'duration') ?? 0);
  return start <= asked.start && asked.start <= end && user === asked.user && (!asked.id || id === asked.id);
}

interface OpenProps {
  answer: Answers['of'][string];
  loading: boolean;
  onRetry: () => void;
  asked: SessionKey;
  shown?: SessionKey;
  /** It comes into view when it is there. */
  reveal: boolean;
  hrefOf: HrefOfSession;
  hrefOfTrace?: HrefOfTrace;
}

function Open({ answer, loading, onRetry, asked, shown, reveal, hrefOf, hrefOfTrace }: OpenProps) {
  const styles = useStyles2(getStyles);
  const ref = useRef<HTMLDivElement>(null);
  const frame = frameOf(answer, 'events');
  const at = asked.start === shown?.start ? undefined : asked.start;
  const reveals = reveal && frame !== undefined && at === undefined; // of a moment, its event comes into view
  useEffect(() => {
    if (reveals) {
      ref.current?.scrollIntoView({ block: 'start' });
    }
  }, [reveals]);
  const { user, anonymous } = shown ?? asked;
  return (
    <div ref={ref} className={styles.events}>
      {!frame && <LoadingLine loading={loading} />}
      {!loading && answer?.error && <Failure message={answer.error} onRetry={onRetry} />}
      {frame && (
        <Timeline
          {...{ frame, hrefOfTrace }}
          at={at}
          hrefOf={user === undefined ? undefined : (at) => hrefOf(user, at, anonymous)}
        />
      )}
    </div>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  note: css({ color: theme.colors.text.secondary }),
  // Its session's line, and what a page has fixed at its top.
  events: css({ scrollMarginTop: 160 }),
});
