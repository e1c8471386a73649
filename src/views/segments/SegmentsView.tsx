import { css } from '@emotion/css';
import { FieldType, type GrafanaTheme2 } from '@grafana/data';
import { Badge, LinkButton, Sparkline, Tooltip, useStyles2, useTheme2 } from '@grafana/ui';
import React from 'react';

import { useResource } from '../../api/useResource';
import { Deleted } from '../../components/Deleted';
import { EmptyState } from '../../components/EmptyState';
import { Failure } from '../../components/Failure';
import { LoadingLine } from '../../components/LoadingLine';
import { NARROW } from '../../components/narrow';
import { formatCount, formatShare } from '../../components/numbers';
import { SearchBox } from '../../components/SearchBox';
import { Stack } from '../../components/Stack';
import { TimeAgo } from '../../components/TimeAgo';
import { type Segment } from '../../query/types.gen';
import { t } from '../../text';

import { Freshness } from './Freshness';
import { segmentPath } from './useSegment';

interface Props {
  datasource: string;
  search: string;
  onSearch: (search: string) => void;
  /** Where one segment is, undefined for a new one. */
  hrefOf: (id?: string) => string;
  /** It was deleted just now. */
  deleted?: { id: string; name: string };
  onDeleted: (deleted: undefined) => void;
}

/** All segments: what they are, how large, and how that has changed. */
export function SegmentsView({ datasource, search, deleted, onDeleted, onSearch, hrefOf }: Props) {
  const styles = useStyles2(getStyles);
  const { value: segments, error, again } = useResource<Segment[]>(datasource, 'segments?sizes=90d');
  const found = segments?.filter((segment) => matches(segment, search));
  return (
    <div className={styles.view} data-testid="segments view">
      <Stack spread wrap>
        <div className={styles.search}>
          <SearchBox label={t('segments.search')} value={search} onChange={onSearch} />
        </div>
        <LinkButton icon="plus" href={hrefOf()}>
          {t('segments.new')}
        </LinkButton>
      </Stack>
      {deleted && (
        <Deleted
          {...{ datasource, path: segmentPath(deleted.id), name: deleted.name, onClose: () => onDeleted(undefined) }}
          onRestored={() => {
            onDeleted(undefined);
            again();
          }}
        />
      )}
      <LoadingLine loading={!segments && !error} />
      {error && <Failure message={error} onRetry={again} />}
      {segments?.length === 0 && (
        <EmptyState icon="users-alt" title={t('segments.none')} help={t('segments.noneHelp')} />
      )}
      {found?.length === 0 && segments!.length > 0 && <EmptyState title={t('segments.noMatch')} />}
      {found && found.length > 0 && (
        <table className={styles.table} aria-label={t('segments.title')}>
          <thead>
            <tr>
              <th scope="col">{t('segments.name')}</th>
              <th scope="col" className={styles.number}>
                {t('segments.size')}
              </th>
              <th scope="col" className={styles.number}>
                {t('segments.change')}
              </th>
              <th scope="col">{t('segments.trend')}</th>
              <th scope="col">{t('segments.fresh')}</th>
              <th scope="col">{t('segments.kind')}</th>
              <th scope="col">{t('segments.changed')}</th>
            </tr>
          </thead>
          <tbody>
            {found.map((segment) => (
              <Line key={segment.id} segment={segment} href={hrefOf(segment.id)} />
            ))}
          </tbody>
        </table>
      )}
    </div>
  );
}

const matches = ({ id, name, sentence, description = '' }: Segment, search: string) =>
  `${id} ${name} ${sentence} ${description}`.toLowerCase().includes(search.trim().toLowerCase());

function Line({ segment, href }: { segment: Segment; href: string }) {
  const styles = useStyles2(getStyles);
  const { name, sentence, size, universe, weekChange, kind, usedBy, changedAt, changedBy } = segment;
  return (
    <tr>
      <th scope="row">
        <a href={href} className={styles.name}>
          {name}
        </a>
        <div className={styles.sentence} title={sentence}>
          {sentence}
        </div>
      </th>
      <td className={styles.number} data-name={t('segments.size')}>
        {size === null ? (
          t('common.missing')
        ) : (
          <>
            {formatCount(size)}
            {universe ? <div className={styles.note}>{formatShare(size, universe)}</div> : null}
          </>
        )}
      </td>
      <td className={styles.number} data-name={t('segments.change')}>
        {weekChange === undefined ? t('common.missing') : changeText(weekChange)}
      </td>
      <td data-name={t('segments.trend')}>
        <Trend segment={segment} />
      </td>
      <td data-name={t('segments.fresh')}>
        <Freshness segment={segment} />
      </td>
      <td data-name={t('segments.kind')}>
        {t(`segments.kind.${kind}`)}
        {usedBy.length > 0 && (
          <Tooltip content={usedBy.join(', ')}>
            <span tabIndex={0}>
              {' '}
              <Badge color="blue" text={`${t('segments.usedBy')} ${usedBy.length}`} />
            </span>
          </Tooltip>
        )}
      </td>
      <td data-name={t('segments.changed')} className={styles.note}>
        <TimeAgo ms={Date.parse(changedAt)} />
        {changedBy && <div>{changedBy}</div>}
      </td>
    </tr>
  );
}

/** With its sign. */
function changeText(change: number): string {
  return change > 0 ? `+${formatCount(change)}` : change < 0 ? `−${formatCount(-change)}` : '0';
}

/** The sizes of 90 days as a line, where there are two at least. */
function Trend({ segment: { sizes = [] } }: { segment: Segment }) {
  const theme = useTheme2();
  if (sizes.length < 2) {
    return <>{t('common.missing')}</>;
  }
  const y = { name: 'size', type: FieldType.number, config: {}, values: sizes.map(({ size }) => size) };
  return (
    <span aria-hidden>
      <Sparkline {...{ theme, width: 120, height: 28, sparkline: { y } }} />
    </span>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  view: css({ containerType: 'inline-size' }),
  search: css({ flexGrow: 1, maxWidth: 480 }),
  table: css({
    ...{ width: '100%', marginTop: theme.spacing(2) },
    'th, td': {
      ...{ padding: theme.spacing(1), borderBottom: `1px solid ${theme.colors.border.weak}` },
      ...{ textAlign: 'left', verticalAlign: 'top', fontWeight: theme.typography.fontWeightRegular },
    },
    'thead th': {
      color: theme.colors.text.secondary,
      fontSize: theme.typography.bodySmall.fontSize,
      whiteSpace: 'nowrap',
    },
    [NARROW]: {
      'thead, tbody, tr, th, td': { display: 'block' },
      thead: { display: 'none' },
      tr: { borderBottom: `1px solid ${theme.colors.border.weak}`, padding: theme.spacing(1, 0) },
      'th, td': { border: 0, padding: theme.spacing(0.25, 0) },
      'td::before': { content: 'attr(data-name) ": "', color: theme.colors.text.secondary },
    },
  }),
  number: css({
    textAlign: 'right !important' as 'right',
    fontVariantNumeric: 'tabular-nums',
    [NARROW]: { textAlign: 'left !important' as 'left' },
  }),
  name: css({ fontWeight: theme.typography.fontWeightMedium, color: theme.colors.text.link }),
  sentence: css({
    ...{ color: theme.colors.text.secondary, maxWidth: '64ch', overflow: 'hidden', display: '-webkit-box' },
    ...{ WebkitLineClamp: 2, WebkitBoxOrient: 'vertical' },
  }),
  note: css({ color: theme.colors.text.secondary }),
});
