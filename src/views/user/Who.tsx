import { css } from '@emotion/css';
import { type DataFrame, type GrafanaTheme2 } from '@grafana/data';
import { ClipboardButton, useStyles2 } from '@grafana/ui';
import React, { type ReactNode } from 'react';

import { fieldOf, valueOf } from '../../api/frames';
import { Cell } from '../../components/Cell';
import { Facts } from '../../components/Facts';
import { formatDecimal, formatMoment, formatOrdinal } from '../../components/numbers';
import { Stack } from '../../components/Stack';
import { Initials } from '../../components/UserCell';
import { Values } from '../../components/Values';
import { t } from '../../text';

import { type Compared, comparedOf, type Membership } from './questions';

interface Props {
  /** One row. */
  profile: DataFrame;
  /** How much the user did, and how that compares with others. */
  totals?: DataFrame;
  segments: Array<Membership & { href: string }>;
  anonymous: boolean;
  /** E-mails are not shown to whoever looks. */
  masked: boolean;
}

const TOTALS = [
  ['sessions', t('user.sessions')],
  ['views', t('user.views')],
  ['actions', t('user.actions')],
  ['errors', t('user.errors')],
  ['frustrations', t('user.frustrations')],
];

/** Who this is: name and ids, segments, when, where and with what they came, and how much they did in all. */
export function Who({ profile, totals, segments, anonymous, masked }: Props) {
  const styles = useStyles2(getStyles);
  const [id, name, email] = ['user_id', 'user_name', 'user_email'].map((one) => valueOf<string>(profile, one));
  const title = name ?? email ?? id ?? '';
  const cell = (attribute: string) => <Cell field={fieldOf(profile, attribute)!} row={0} />;
  return (
    <header className={styles.who}>
      <Stack className={styles.name}>
        <Initials id={id ?? ''} text={title} large />
        <div className={styles.texts}>
          <h2 className={styles.title}>{title}</h2>
          <Stack wrap small>
            {email && <Copied text={email} />}
            {masked && !anonymous && <span className={styles.masked}>{t('user.masked')}</span>}
            {id && <Copied text={id} />}
            {anonymous && <span className={styles.masked}>{t('user.anonymous')}</span>}
          </Stack>
        </div>
      </Stack>
      {segments.length > 0 && (
        <ul className={styles.segments} aria-label={t('user.segments')}>
          {segments.map((segment) => (
            <li key={segment.id}>
              <a
                className={styles.segment}
                href={segment.href}
                title={segment.since === undefined ? undefined : t('user.since', { when: formatMoment(segment.since) })}
              >
                {t('audience.segment', { name: segment.name })}
              </a>
            </li>
          ))}
        </ul>
      )}
      <Facts
        facts={[
          { name: t('user.firstSeen'), value: cell('first_seen') },
          { name: t('user.lastSeen'), value: cell('last_seen') },
          {
            name: t('user.place'),
            value: <Values frame={profile} names={['last_city', 'last_region', 'last_country']} separator=", " />,
          },
          {
            name: t('user.device'),
            value: <Values frame={profile} names={['last_device_type', 'last_os_name', 'last_browser_name']} />,
          },
          { name: t('user.application'), value: cell('last_application') },
        ]}
      />
      <Facts
        large
        facts={[
          ...TOTALS.map(([total, name]) => ({
            name,
            value: cell(total),
            // What never happened needs no comparison.
            note: anonymous || !valueOf(profile, total) ? undefined : noteOf(comparedOf(totals, total)),
          })),
          { name: t('user.medianSession'), value: cell('median_session') },
        ]}
      />
    </header>
  );
}

function noteOf(compared: Compared | undefined) {
  if (!compared) {
    return undefined;
  }
  const percentile = formatOrdinal(Math.floor(compared.percentile));
  const values = { share: formatDecimal(compared.percentile), median: formatDecimal(compared.median) };
  return { text: t('user.percentile', { percentile }), hint: t('user.percentileHint', values) };
}

/** A text that can be taken along. */
function Copied({ text }: { text: string }): ReactNode {
  const styles = useStyles2(getStyles);
  return (
    <span className={styles.copied}>
      <span className={styles.text}>{text}</span>
      <ClipboardButton
        {...{ variant: 'secondary', fill: 'text', size: 'sm', icon: 'copy' }}
        aria-label={t('common.copy', { what: text })}
        getText={() => text}
      />
    </span>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  who: css({ display: 'flex', flexDirection: 'column', gap: theme.spacing(2), minWidth: 0 }),
  name: css({ gap: theme.spacing(2) }),
  texts: css({ minWidth: 0 }),
  title: css({ ...theme.typography.h3, margin: 0, overflowWrap: 'anywhere' }),
  copied: css({ display: 'inline-flex', alignItems: 'center', minWidth: 0 }),
  text: css({ color: theme.colors.text.secondary, overflowWrap: 'anywhere' }),
  masked: css({ color: theme.colors.text.secondary, fontStyle: 'italic' }),
  segments: css({ display: 'flex', flexWrap: 'wrap', gap: theme.spacing(0.5), listStyle: 'none', margin: 0 }),
  segment: css({
    ...{ display: 'inline-block', padding: theme.spacing(0.25, 1), borderRadius: theme.shape.radius.pill },
    ...{ background: theme.colors.background.secondary, border: `1px solid ${theme.colors.border.weak}` },
    '&:hover': { background: theme.colors.action.hover, textDecoration: 'underline' },
  }),
});
