import { css } from '@emotion/css';
import { type GrafanaTheme2 } from '@grafana/data';
import { Button, ClipboardButton, useStyles2 } from '@grafana/ui';
import React, { type ReactNode } from 'react';

import { type Surrounding } from '../../api/ask';
import { useAnswers } from '../../api/useAnswers';
import { EVERYBODY } from '../../audience/audience';
import { countText } from '../../components/Count';
import { EmptyState } from '../../components/EmptyState';
import { Stack } from '../../components/Stack';
import { type Attribute, type Segment } from '../../query/types.gen';
import { t } from '../../text';

import { type Base } from './base';
import { narrowings, nobodyTargets, reasonOf } from './nobody';

import { type UsersState } from './state';

interface Props {
  datasource: string;
  state: UsersState;
  base?: Base;
  around?: Surrounding;
  /** All users there are to choose from. */
  universe?: number;
  attributes: Attribute[];
  segments: Segment[];
  onChange: (part: Partial<UsersState>) => void;
  onRetry: () => void;
}

/** In place of an empty list: why it is empty, found by leaving out each condition, and the one thing to do about it. */
export function Nobody({ datasource, state, base, around, universe, attributes, segments, ...on }: Props) {
  const { onChange, onRetry } = on;
  const left = narrowings(state.audience, { attributes, segments });
  const { of } = useAnswers(datasource, nobodyTargets(state, left, universe, base), state.range, around);
  const reason = reasonOf(of, left, universe, base);
  const clear = () => onChange({ audience: EVERYBODY });
  switch (reason?.kind) {
    case 'noEvents':
      return (
        <EmptyState icon="users-alt" title={t('users.empty')} help={t('users.emptyHelp')}>
          <WaysToSend />
          <Button icon="sync" onClick={onRetry}>
            {t('users.lookAgain')}
          </Button>
        </EmptyState>
      );
    case 'onlyAnonymous':
      return (
        <EmptyState icon="users-alt" title={t('users.onlyAnonymous')} help={t('users.onlyAnonymousHelp')}>
          <Button onClick={() => onChange({ anonymous: true })}>{t('users.showAnonymous')}</Button>
        </EmptyState>
      );
    case 'panel':
      return around ? (
        <EmptyState title={t('users.panelNobody')} help={t('users.panelNobodyHelp')} />
      ) : (
        <EmptyState title={t('segments.nobody')} help={t('segments.nobodyHelp')} />
      );
    case 'condition': {
      const { condition, users } = reason;
      const help = withBold(t('users.without', { users: countText(users) }), condition.text);
      return (
        <EmptyState title={t('users.noMatch')} help={help}>
          <Stack wrap>
            <Button onClick={() => onChange({ audience: condition.without })}>{t('users.removeIt')}</Button>
            {left.length > 1 && (
              <Button variant="secondary" onClick={clear}>
                {t('users.clearAll')}
              </Button>
            )}
          </Stack>
        </EmptyState>
      );
    }
    default:
      return (
        <EmptyState title={t('users.noMatch')} help={reason && t('users.noMatchHelp')}>
          <Button onClick={clear}>{t('users.clearAll')}</Button>
        </EmptyState>
      );
  }
}

/** A text whose {what} stands out. */
function withBold(text: string, what: string): ReactNode {
  const [before, after] = text.split('{what}');
  return (
    <>
      {before}
      <strong>{what}</strong>
      {after}
    </>
  );
}

const WAYS = [
  {
    name: t('send.import'),
    command: 'footfall import --map ts=time --map usr.id=user --map view.url_path=page --set type=view events.csv',
  },
  {
    name: t('send.inbox'),
    command: "insert into footfall.inbox (ts, type, usr_id, view_url_path) values (now(), 'view', 'ann', '/cart');",
  },
  { name: t('send.demo'), command: 'footfall demo && footfall work --once' },
];

/** The three ways to bring events into a store. */
function WaysToSend() {
  const styles = useStyles2(getStyles);
  return (
    <ol className={styles.ways}>
      {WAYS.map(({ name, command }) => (
        <li key={name}>
          {name}
          <Stack className={styles.command}>
            <code className={styles.code}>{command}</code>
            <ClipboardButton
              {...{ variant: 'secondary', fill: 'text', size: 'sm', icon: 'copy', 'aria-label': `Copy ${command}` }}
              getText={() => command}
            />
          </Stack>
        </li>
      ))}
    </ol>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  ways: css({ textAlign: 'left', margin: theme.spacing(0, 0, 2), maxWidth: '100%', paddingLeft: theme.spacing(2) }),
  command: css({ marginBottom: theme.spacing(1) }),
  code: css({ overflowX: 'auto', whiteSpace: 'nowrap', margin: 0 }),
});
