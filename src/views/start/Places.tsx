import { css } from '@emotion/css';
import { type GrafanaTheme2 } from '@grafana/data';
import { Icon, type IconName, useStyles2 } from '@grafana/ui';
import React from 'react';

import { dashboardPage, pageAddress } from '../../address';
import { useAnswers } from '../../api/useAnswers';
import { useResource } from '../../api/useResource';
import { formatCount } from '../../components/numbers';
import { type Segment, type StoreStatus, type Table } from '../../query/types.gen';
import { t } from '../../text';

import { ACTIVITY, activityOf, LAST_30_DAYS, largest, namesOf } from './figures';

interface Props {
  datasource: string;
  status: StoreStatus;
  hasDashboards: boolean;
}

/** The app's dashboards. */
export const DASHBOARDS = ['footfall-overview', 'footfall-explorer', 'footfall-frustrations'] as const;

const ICONS: Record<(typeof DASHBOARDS)[number], IconName> = {
  'footfall-overview': 'dashboard',
  'footfall-explorer': 'compass',
  'footfall-frustrations': 'exclamation-triangle',
};

/** The pages, each with a live figure of this store. */
export function Places({ datasource, status, hasDashboards }: Props) {
  const styles = useStyles2(getStyles);
  const { of } = useAnswers(datasource, ACTIVITY, LAST_30_DAYS);
  const { value: segments } = useResource<Segment[]>(datasource, 'segments');
  const { value: tables } = useResource<Table[]>(datasource, 'tables');
  const activity = activityOf(of.activity?.frames);
  const href = (page: string, ...more: string[][]) => pageAddress([page], [['ds', datasource], ...more]);
  return (
    <nav className={styles.places} aria-label={t('start.places')}>
      <Place
        {...{ href: href('users'), icon: 'users-alt', name: t('start.usersPage'), figure: status.users }}
        units={[t('start.usersUnit'), t('start.usersUnits')]}
        live={activity && t('start.activeUsers', { n: formatCount(activity.users) })}
        about={t('start.usersAbout')}
      />
      <Place
        {...{
          href: href('pathways', ['anon', '1']),
          icon: 'code-branch',
          name: t('start.pathwaysPage'),
          figure: activity?.paths,
        }}
        units={[t('start.sessionsUnit'), t('start.sessionsUnits')]}
        live={t('start.lastDays')}
        about={t('start.pathwaysAbout')}
      />
      <Place
        {...{
          href: href('sessions', ...Object.entries(LAST_30_DAYS), ['anon', '1']),
          icon: 'history',
          name: t('start.sessionsPage'),
          figure: activity?.sessions,
        }}
        units={[t('start.sessionsUnit'), t('start.sessionsUnits')]}
        live={t('start.lastDays')}
        about={t('start.sessionsAbout')}
      />
      <Place
        {...{ href: href('segments'), icon: 'filter', name: t('start.segmentsPage'), figure: segments?.length }}
        units={[t('start.segmentsUnit'), t('start.segmentsUnits')]}
        live={segments && (largest(segments) || t('start.noSegments'))}
        about={t('start.segmentsAbout')}
      />
      <Place
        {...{ href: href('tables'), icon: 'table', name: t('start.tablesPage'), figure: tables?.length }}
        units={[t('start.tablesUnit'), t('start.tablesUnits')]}
        live={tables && (namesOf(tables) || t('start.noTables'))}
        about={t('start.tablesAbout')}
      />
      {hasDashboards &&
        DASHBOARDS.map((dashboard) => (
          <Place
            key={dashboard}
            {...{ href: dashboardPage(dashboard, datasource), icon: ICONS[dashboard] }}
            name={t(`start.${dashboard}`)}
            about={t(`start.${dashboard}.about`)}
          />
        ))}
    </nav>
  );
}

interface PlaceProps {
  href: string;
  icon: IconName;
  name: string;
  /** Undefined until it is known. */
  figure?: number;
  /** What it counts, one of it and several; without them there is no figure. */
  units?: [string, string];
  live?: string;
  about: string;
}

function Place({ href, icon, name, figure, units, live, about }: PlaceProps) {
  const styles = useStyles2(getStyles);
  return (
    <a href={href} className={styles.place} aria-label={name}>
      <span className={styles.name}>
        <Icon name={icon} /> {name}
      </span>
      {units && (
        <span>
          <span className={styles.figure}>{figure === undefined ? t('common.missing') : formatCount(figure)}</span>{' '}
          <span className={styles.note}>{units[figure === 1 ? 0 : 1]}</span>
        </span>
      )}
      {units && <span className={styles.live}>{live}</span>}
      <span className={styles.note}>{about}</span>
    </a>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  places: css({
    ...{ display: 'grid', gridTemplateColumns: 'repeat(auto-fit, minmax(240px, 1fr))', gap: theme.spacing(2) },
  }),
  place: css({
    ...{ display: 'flex', flexDirection: 'column', gap: theme.spacing(0.5), padding: theme.spacing(2), minWidth: 0 },
    ...{ background: theme.colors.background.primary, border: `1px solid ${theme.colors.border.weak}` },
    ...{ borderRadius: theme.shape.radius.default, overflowWrap: 'anywhere' },
    '&:hover': {
      background: theme.colors.emphasize(theme.colors.background.primary, 0.03),
      borderColor: theme.colors.border.strong,
    },
  }),
  name: css({ ...theme.typography.h5, margin: 0, '& svg': { color: theme.colors.text.secondary } }),
  figure: css({ ...theme.typography.h2, margin: 0, fontVariantNumeric: 'tabular-nums' }),
  live: css({ minHeight: '1.5em' }),
  note: css({ color: theme.colors.text.secondary }),
});
