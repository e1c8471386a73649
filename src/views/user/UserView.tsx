import { css } from '@emotion/css';
import { type DataFrame, dateTimeFormat, type GrafanaTheme2, type RawTimeRange } from '@grafana/data';
import { Button, LinkButton, useStyles2 } from '@grafana/ui';
import React, { useEffect, useMemo, useState } from 'react';

import { type Surrounding } from '../../api/ask';
import { frameOf, valueOf } from '../../api/frames';
import { type Answers, useAnswers } from '../../api/useAnswers';
import { type Action, Actions } from '../../components/Actions';
import { BackLink } from '../../components/BackLink';
import { Chip } from '../../components/Chip';
import { EmptyState } from '../../components/EmptyState';
import { Failure } from '../../components/Failure';
import { LoadingLine, useLate } from '../../components/LoadingLine';
import { MEDIUM, NARROW } from '../../components/narrow';
import { formatAgo } from '../../components/numbers';
import { RangeInput } from '../../components/RangeInput';
import { Stack } from '../../components/Stack';
import { takeAlong } from '../../components/takeAlong';
import { USER_PANEL_ID } from '../../constants';
import { t } from '../../text';
import { type HrefOfSession, type HrefOfTrouble } from '../sessions/questions';
import { SessionsList } from '../sessions/SessionsList';
import { tracesOf } from '../sessions/traces';

import { Attributes } from './Attributes';
import { Calendar } from './Calendar';
import { dayOfRange, rangeOfDay, weeksOf } from './days';
import { segmentsOf, targetsOf } from './questions';
import { DEFAULT_STATE, type UserState } from './state';
import { TopList } from './TopList';
import { Who } from './Who';

interface Props {
  datasource: string;
  state: UserState;
  /** `replace` is true for a change that is no step to come back to. */
  onState: (state: UserState, replace?: boolean) => void;
  /** The range where nobody chose a day. */
  usual?: RawTimeRange;
  /** In a panel, the dashboard around it. */
  around?: Surrounding;
  /** Where one came from; nowhere in a panel. */
  back?: { href: string; text: string };
  usersHref: string;
  /** The page of a user, with a moment of a session. */
  hrefOf: HrefOfSession;
  hrefOfTrouble: HrefOfTrouble;
  hrefOfSegment: (id: string) => string;
  /** E-mails are not shown to whoever looks. */
  masked: boolean;
}

/** One user: who it is, what they do most, and their sessions with what happened in them. */
export function UserView({ datasource, state, onState, around, back, usersHref, ...links }: Props) {
  const styles = useStyles2(getStyles);
  const answers = useAnswers(datasource, targetsOf(state), state.range, around);
  const { profile, pages, actions } = answers.of;
  const row = frameOf(profile, 'profile');
  const late = useLate(answers.loading && !row);
  const change = (part: Partial<UserState>) => onState({ ...state, ...part });
  const errors = new Set([profile, pages, actions].flatMap((answer) => answer?.error ?? []));
  const nobody = !state.user || (row?.length === 0 && !answers.loading);
  return (
    <div className={styles.view} data-testid="user view">
      {!around && (
        <Stack wrap spread>
          {back && <BackLink {...back} />}
          <Stack wrap>
            {row && row.length > 0 && <Actions few actions={actionsOf(datasource, state)} />}
            <div className={styles.range}>
              <RangeInput
                keepsRight
                range={state.range}
                onChange={(range) => change({ range, page: 1, session: '' })}
              />
            </div>
          </Stack>
        </Stack>
      )}
      <LoadingLine loading={answers.loading} />
      {[...errors].map((message) => (
        <Failure key={message} message={message} onRetry={answers.again} />
      ))}
      {late && <p className={styles.loading}>{t('user.loading')}</p>}
      {nobody && (
        <Nobody {...{ datasource, state, usersHref }} onVisitor={() => onState({ ...state, anonymous: true }, true)} />
      )}
      {row && row.length > 0 && <Known {...{ datasource, state, answers, row, ...links }} onChange={change} />}
    </div>
  );
}

const actionsOf = (datasource: string, { user, anonymous, range }: UserState): Action[] => [
  {
    ...{ text: t('user.copyLink'), icon: 'link' },
    onClick: () => void navigator.clipboard.writeText(window.location.href),
  },
  takeAlong(datasource, {
    ...{ panel: USER_PANEL_ID, title: t('user.title'), range },
    query: { queryType: 'profile', options: { user, ...(anonymous && { anonymous }) } },
  }),
];

interface KnownProps extends Pick<
  Props,
  'datasource' | 'state' | 'usual' | 'hrefOf' | 'hrefOfTrouble' | 'hrefOfSegment' | 'masked'
> {
  answers: Answers;
  /** Of frame profile. */
  row: DataFrame;
  onChange: (part: Partial<UserState>) => void;
}

/** All about a user that there is. */
function Known({
  datasource,
  state,
  usual = DEFAULT_STATE.range,
  answers,
  row,
  hrefOf,
  hrefOfTrouble,
  hrefOfSegment,
  masked,
  onChange,
}: KnownProps) {
  const styles = useStyles2(getStyles);
  const { profile, pages, actions } = answers.of;
  const segments = segmentsOf(frameOf(profile, 'segments'));
  const [now] = useState(Date.now);
  const weeks = useMemo(() => weeksOf(frameOf(profile, 'days'), now), [profile, now]);
  const day = dayOfRange(weeks, state.range);
  return (
    <>
      <Who
        {...{ profile: row, totals: frameOf(profile, 'totals'), masked, anonymous: state.anonymous }}
        segments={segments.map((segment) => ({ ...segment, href: hrefOfSegment(segment.id) }))}
      />
      <div className={styles.parts}>
        <Attributes {...{ datasource, profile: row }} />
        <div className={styles.did}>
          <Calendar
            {...{ weeks, chosen: day?.date }}
            onChoose={({ active }) => active && onChange({ range: rangeOfDay(active), page: 1, session: '' })}
          />
          <div className={styles.tops}>
            <TopList
              {...{ title: t('user.topPages'), name: 'page', count: 'views', time: t('user.timeOnPage') }}
              frame={frameOf(pages, 'topPages')}
            />
            <TopList
              {...{ title: t('user.topActions'), name: 'action', count: 'actions', time: t('user.afterStart') }}
              frame={frameOf(actions, 'topActions')}
            />
          </div>
          <SessionsList
            {...{ title: t('user.sessions'), answers, page: state.page, hrefOf, hrefOfTrouble }}
            hrefOfTrace={tracesOf(datasource)}
            onPage={(page) => onChange({ page, session: '' })}
            asked={state.session ? { start: Number(state.session), ...personOf(state) } : undefined}
            onAsk={(session) => onChange({ session: session ? String(session.start) : '' })}
            narrowed={
              day && (
                <ul className={styles.chips}>
                  <Chip
                    text={t('user.onDay', {
                      day: dateTimeFormat(day.date, { format: 'D MMMM YYYY', timeZone: 'utc' }),
                    })}
                    onRemove={() => onChange({ range: usual, page: 1, session: '' })}
                  />
                </ul>
              )
            }
            empty={<NoSessions profile={row} onChange={onChange} />}
          />
        </div>
      </div>
    </>
  );
}

const personOf = ({ user, anonymous }: UserState) => ({ user, ...(anonymous && { anonymous }) });

/** Why there are none, and a range that has all there are. */
function NoSessions({ profile, onChange }: { profile: DataFrame; onChange: KnownProps['onChange'] }) {
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

interface NobodyProps {
  datasource: string;
  state: UserState;
  usersHref: string;
  /** An anonymous visitor has the id. */
  onVisitor: () => void;
}

/** The store knows no such user. An anonymous visitor may have the id, since links do not say which of both they mean. */
function Nobody({ datasource, state, usersHref, onVisitor }: NobodyProps) {
  const { user, anonymous } = state;
  const [profile] = targetsOf({ ...state, anonymous: true });
  const { of, loading } = useAnswers(datasource, user && !anonymous ? [profile] : [], state.range);
  const found = Boolean(frameOf(of.profile, 'profile')?.length);
  useEffect(() => {
    if (found) {
      onVisitor();
    }
  }, [found, onVisitor]);
  if (loading || found) {
    return <LoadingLine loading />;
  }
  const title = user ? t(anonymous ? 'user.noAnonymous' : 'user.noUser', { id: user }) : t('user.noId');
  return (
    <EmptyState icon="user" title={title} help={t('user.nobodyHelp')}>
      <LinkButton href={usersHref}>{t('user.allUsers')}</LinkButton>
    </EmptyState>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  view: css({
    ...{ display: 'flex', flexDirection: 'column', gap: theme.spacing(2), minWidth: 0, containerType: 'inline-size' },
  }),
  // Two moments may be longer than a phone is wide.
  range: css({
    maxWidth: '100%',
    minWidth: 0,
    '& button': { maxWidth: '100%', [NARROW]: { fontSize: theme.typography.bodySmall.fontSize } },
    '& button > span:first-of-type': { minWidth: 0, overflow: 'hidden' },
  }),
  chips: css({ display: 'flex', margin: 0 }),
  loading: css({ color: theme.colors.text.secondary }),
  parts: css({
    ...{ display: 'grid', gap: theme.spacing(2), gridTemplateColumns: '320px minmax(0, 1fr)', alignItems: 'start' },
    [MEDIUM]: { gridTemplateColumns: 'minmax(0, 1fr)' },
  }),
  did: css({
    ...{ display: 'flex', flexDirection: 'column', gap: theme.spacing(2), minWidth: 0 },
    // What somebody did comes before all that is known of them.
    [MEDIUM]: { order: -1 },
  }),
  tops: css({
    ...{
      display: 'grid',
      gap: theme.spacing(2),
      gridTemplateColumns: 'repeat(auto-fit, minmax(min(100%, 360px), 1fr))',
    },
  }),
});
