import { css } from '@emotion/css';
import { type GrafanaTheme2 } from '@grafana/data';
import { Button, useStyles2 } from '@grafana/ui';
import React, { useMemo, useState } from 'react';

import { useResource } from '../../api/useResource';
import { EmptyState } from '../../components/EmptyState';
import { Failure } from '../../components/Failure';
import { usersText } from '../../components/holders';
import { LoadingLine } from '../../components/LoadingLine';
import { formatCount, formatMoment, formatShare } from '../../components/numbers';
import { Stack } from '../../components/Stack';
import { getTableStyles } from '../../components/tableStyles';
import { TimeChart } from '../../components/TimeChart';
import { type Segment, type SegmentSize } from '../../query/types.gen';
import { t } from '../../text';

import { nextText } from './list';
import { segmentPath } from './useSegment';

interface Props {
  datasource: string;
  segment: Segment;
}

const HEIGHT = 260;

/** Rows of the table that are shown at first. */
const FEW = 50;

/** How a segment has grown in 90 days, one point for each computation. */
export function Sizes({ datasource, segment: { id, nextAt } }: Props) {
  const { value: sizes, error, again } = useResource<SegmentSize[]>(datasource, `${segmentPath(id)}/sizes`);
  const [asTable, setAsTable] = useState(false);
  const points = useMemo(
    () => (sizes ?? []).map(({ computedAt, size }) => ({ at: Date.parse(computedAt), value: size })),
    [sizes]
  );
  if (sizes?.length === 0) {
    return <EmptyState icon="clock-nine" title={t('sizes.none')} />;
  }
  const [only, another] = sizes ?? [];
  if (only && !another) {
    const users = usersText(only.size);
    return (
      <>
        <p>{t('sizes.one', { users, when: formatMoment(Date.parse(only.computedAt)) })}</p>
        <p>{nextText(nextAt)}</p>
      </>
    );
  }
  return (
    <Stack direction="column">
      <LoadingLine loading={!sizes && !error} />
      {error && <Failure message={error} onRetry={again} />}
      {sizes && (
        <>
          <Stack spread wrap>
            <span>{t('sizes.title')}</span>
            <Button
              {...{ variant: 'secondary', fill: 'text', icon: 'table', 'aria-expanded': asTable }}
              onClick={() => setAsTable(!asTable)}
            >
              {asTable ? t('sizes.hideTable') : t('sizes.asTable')}
            </Button>
          </Stack>
          <TimeChart
            {...{ name: t('sizes.chart'), points, height: HEIGHT }}
            describe={(i) => <Point size={sizes[i]} />}
          />
          {asTable && <SizesTable sizes={sizes} />}
        </>
      )}
    </Stack>
  );
}

const tookText = (ms: number) => t('segments.took', { seconds: (ms / 1000).toFixed(1) });

function Point({ size: { computedAt, size, universe, tookMs, version } }: { size: SegmentSize }) {
  return (
    <>
      <strong>{usersText(size)}</strong>
      <div>{t('sizes.shareOf', { share: formatShare(size, universe), universe: formatCount(universe) })}</div>
      <div>{formatMoment(Date.parse(computedAt))}</div>
      <div>{t('sizes.computed', { took: tookText(tookMs), version })}</div>
    </>
  );
}

/** The same numbers, the newest first. */
function SizesTable({ sizes }: { sizes: SegmentSize[] }) {
  const styles = useStyles2(getStyles);
  const [all, setAll] = useState(false);
  const newest = [...sizes].reverse();
  return (
    <div className={styles.frame}>
      <table className={styles.table} aria-label={t('sizes.chart')}>
        <thead>
          <tr>
            <th scope="col">{t('segments.fresh')}</th>
            {[t('segments.size'), t('sizes.share'), t('sizes.took'), t('sizes.version')].map((name) => (
              <th key={name} scope="col" className={styles.number}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {newest.slice(0, all ? undefined : FEW).map(({ computedAt, size, universe, tookMs, version }) => (
            <tr key={computedAt}>
              <th scope="row">{formatMoment(Date.parse(computedAt))}</th>
              <td className={styles.number} data-name={t('segments.size')}>
                {formatCount(size)}
              </td>
              <td className={styles.number} data-name={t('sizes.share')}>
                {formatShare(size, universe)}
              </td>
              <td className={styles.number} data-name={t('sizes.took')}>
                {tookText(tookMs)}
              </td>
              <td className={styles.number} data-name={t('sizes.version')}>
                {version}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {!all && newest.length > FEW && (
        <Button className={styles.more} variant="secondary" fill="text" onClick={() => setAll(true)}>
          {t('user.showAll', { count: formatCount(newest.length) })}
        </Button>
      )}
    </div>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  ...getTableStyles(theme),
  more: css({ margin: theme.spacing(1) }),
});
