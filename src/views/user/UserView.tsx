import { css } from '@emotion/css';
import { type GrafanaTheme2 } from '@grafana/data';
import { LinkButton, TimeRangeInput, useStyles2 } from '@grafana/ui';
import React, { useEffect } from 'react';

import { rangeOf, textRange } from '../../api/range';
import { useAnswers } from '../../api/useAnswers';
import { BackLink } from '../../components/BackLink';
import { EmptyState } from '../../components/EmptyState';
import { Failure } from '../../components/Failure';
import { LoadingLine, useLate } from '../../components/LoadingLine';
import { MEDIUM, NARROW } from '../../components/narrow';
import { Stack } from '../../components/Stack';
import { t } from '../../text';

import { Attributes } from './Attributes';
import { frameOf, segmentsOf, targetsOf } from './questions';
import { SessionsSection } from './SessionsSection';
import { type UserState } from './state';
import { TopList } from './TopList';
import { Who } from './Who';

interface Props {
  datasource: string;
  state: UserState;
  /** `replace` is true for a change that is no step to come back to. */
  onState: (state: UserState, replace?: boolean) => void;
  /** The list that the user is one of. */
  /** Where one came from. */
  back: { href: string; text: string };
  usersHref: string;
  hrefOfSegment: (id: string) => string;
  /** E-mails are not shown to whoever looks. */
  masked: boolean;
}

/** One user: who it is, what they do most, and their sessions with what happened in them. */
export function UserView({ datasource, state, onState, back, usersHref, hrefOfSegment, masked }: Props) {
  const styles = useStyles2(getStyles);
  const answers = useAnswers(datasource, targetsOf(state), state.range);
  const { profile, pages, actions } = answers.of;
  const row = frameOf(profile, 'profile');
  const late = useLate(answers.loading && !row);
  const change = (part: Partial<UserState>) => onState({ ...state, ...part });
  const errors = new Set([profile, pages, actions].flatMap((answer) => answer?.error ?? []));
  const segments = segmentsOf(frameOf(profile, 'segments'));
  const nobody = !state.user || (row?.length === 0 && !answers.loading);
  return (
    <div className={styles.view} data-testid="user view">
      <Stack wrap spread>
        <BackLink {...back} />
        <div className={styles.range}>
          <TimeRangeInput
            value={rangeOf(state.range)}
            onChange={({ raw }) => change({ range: textRange(raw), page: 1, session: '' })}
          />
        </div>
      </Stack>
      <LoadingLine loading={answers.loading} />
      {[...errors].map((message) => (
        <Failure key={message} message={message} onRetry={answers.again} />
      ))}
      {late && <p className={styles.loading}>{t('user.loading')}</p>}
      {nobody && (
        <Nobody {...{ datasource, state, usersHref }} onVisitor={() => onState({ ...state, anonymous: true }, true)} />
      )}
      {row && row.length > 0 && (
        <>
          <Who
            {...{ profile: row, masked, anonymous: state.anonymous }}
            segments={segments.map((segment) => ({ ...segment, href: hrefOfSegment(segment.id) }))}
          />
          <div className={styles.parts}>
            <Attributes profile={row} />
            <div className={styles.did}>
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
              <SessionsSection {...{ state, answers, profile: row }} onChange={change} />
            </div>
          </div>
        </>
      )}
    </div>
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
