import { css, cx } from '@emotion/css';
import { FieldType, type GrafanaTheme2 } from '@grafana/data';
import { Badge, Sparkline, Tooltip, useStyles2, useTheme2 } from '@grafana/ui';
import React from 'react';

import { Missing } from '../../components/Missing';
import { NARROW, TIGHT } from '../../components/narrow';
import { formatCount, formatShare } from '../../components/numbers';
import { SortHead } from '../../components/SortHead';
import { getTableStyles } from '../../components/tableStyles';
import { TimeAgo } from '../../components/TimeAgo';
import { type Segment } from '../../query/types.gen';
import { t } from '../../text';

import { Freshness } from './Freshness';
import { cutMiddle, type ListColumn, type ListState } from './list';

interface Props {
  segments: Segment[];
  sort: ListState['sort'];
  onSort: (sort: ListState['sort']) => void;
  hrefOf: (id: string) => string;
}

/** Segments, one row each. */
export function SegmentsTable({ segments, sort, onSort, hrefOf }: Props) {
  const styles = useStyles2(getStyles);
  const head = (column: ListColumn, name: string) => <SortHead {...{ column, name, sort, onSort }} />;
  const number = (column: ListColumn, name: string) => (
    <SortHead {...{ column, name, sort, onSort }} numeric largestFirst />
  );
  return (
    <div className={styles.frame}>
      <table className={styles.table} aria-label={t('segments.title')}>
        <thead>
          <tr>
            {head('name', t('segments.name'))}
            {number('size', t('segments.size'))}
            {number('weekChange', t('segments.change'))}
            <th scope="col" className={styles.line}>
              {t('segments.trend')}
            </th>
            <SortHead {...{ sort, onSort }} column="computedAt" name={t('segments.fresh')} largestFirst />
            {head('kind', t('segments.kind'))}
            <SortHead {...{ sort, onSort }} column="changedAt" name={t('segments.changed')} largestFirst />
          </tr>
        </thead>
        <tbody>
          {segments.map((segment) => (
            <Line key={segment.id} segment={segment} href={hrefOf(segment.id)} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** Characters of a sentence that are shown. */
const SENTENCE = 140;

function Line({ segment, href }: { segment: Segment; href: string }) {
  const styles = useStyles2(getStyles);
  const { name, sentence, size, universe, weekChange, kind, usedBy, changedAt, changedBy } = segment;
  return (
    <tr>
      <th scope="row" className={styles.segment}>
        <a href={href} className={styles.name}>
          {name}
        </a>
        <div className={cx(styles.note, styles.sentence)} title={sentence}>
          {cutMiddle(sentence, SENTENCE)}
        </div>
      </th>
      <td className={styles.number} data-name={t('segments.size')}>
        {size === null ? (
          <Missing />
        ) : (
          <>
            {formatCount(size)}
            {universe ? <span className={styles.below}>{formatShare(size, universe)}</span> : null}
          </>
        )}
      </td>
      <td className={styles.number} data-name={t('segments.change')}>
        {weekChange === undefined ? <Missing /> : changeText(weekChange)}
      </td>
      <td data-name={t('segments.trend')} className={styles.line}>
        <Trend segment={segment} />
      </td>
      <td data-name={t('segments.fresh')}>
        <Freshness segment={segment} />
      </td>
      <td data-name={t('segments.kind')} className={styles.wraps}>
        {t(`segments.kind.${kind}`)}
        {usedBy.length > 0 && (
          <Tooltip content={usedBy.join(', ')}>
            <span tabIndex={0} className={styles.badge}>
              {' '}
              <Badge color="blue" text={`${t('segments.usedBy')} ${usedBy.length}`} />
            </span>
          </Tooltip>
        )}
      </td>
      <td data-name={t('segments.changed')} className={cx(styles.note, styles.wraps)}>
        <TimeAgo ms={Date.parse(changedAt)} />
        {changedBy && <span className={styles.below}>{changedBy}</span>}
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
    return <Missing />;
  }
  const y = { name: 'size', type: FieldType.number, config: {}, values: sizes.map(({ size }) => size) };
  return (
    <span aria-hidden>
      <Sparkline {...{ theme, width: 120, height: 28, sparkline: { y } }} />
    </span>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  ...getTableStyles(theme),
  segment: css({
    '&&': {
      whiteSpace: 'normal',
      minWidth: 240,
      maxWidth: '64ch',
      [TIGHT]: { minWidth: 200 },
      [NARROW]: { maxWidth: 'none' },
    },
  }),
  name: css({ fontWeight: theme.typography.fontWeightMedium, color: theme.colors.text.link }),
  // The change of a week says most of it in less room.
  line: css({ '&&': { [TIGHT]: { display: 'none' } } }),
  badge: css({ whiteSpace: 'nowrap' }),
  wraps: css({ '&&': { [TIGHT]: { whiteSpace: 'normal' } } }),
  note: css({ color: theme.colors.text.secondary }),
  sentence: css({ '&::first-letter': { textTransform: 'uppercase' } }),
});
