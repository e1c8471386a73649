import { css } from '@emotion/css';
import { type GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';
import React from 'react';

import { Missing } from '../../components/Missing';
import { formatCount, formatShare } from '../../components/numbers';
import { type PathwayUnit } from '../../query/types.gen';
import { t } from '../../text';

import { type Graph } from './graph';
import { endsOf, headOf, nameOf, timeText } from './words';

interface Props {
  graph: Graph;
  unit: PathwayUnit;
  backward: boolean;
  /** Opens what can be done with a link, at a place of the window. */
  onOpen: (id: string, x: number, y: number) => void;
}

/** The numbers of the chart: from where to where how many went. */
export function PathwaysTable({ graph, unit, backward, onOpen }: Props) {
  const styles = useStyles2(getStyles);
  return (
    <div className={styles.scroll}>
      <table className={styles.table} aria-label={t('pathways.title')}>
        <thead>
          <tr>
            <th scope="col">{t('pathways.table.step')}</th>
            <th scope="col">{t('pathways.table.from')}</th>
            <th scope="col">{t('pathways.table.to')}</th>
            <th scope="col" className={styles.number}>
              {t(`pathways.unit.${unit}`)}
            </th>
            <th scope="col" className={styles.number}>
              {t('pathways.table.share')}
            </th>
            <th scope="col" className={styles.number}>
              {t('pathways.table.time')}
            </th>
          </tr>
        </thead>
        <tbody>
          {graph.links.map((link) => {
            const { from, to } = endsOf(graph, link);
            return (
              <tr key={link.id}>
                <td>{from && headOf(from.step, backward)}</td>
                <th scope="row">{from && nameOf(from)}</th>
                <td>{to && nameOf(to)}</td>
                <td className={styles.number}>
                  <button
                    type="button"
                    aria-haspopup="menu"
                    className={styles.count}
                    onClick={({ currentTarget }) => {
                      const { left, bottom } = currentTarget.getBoundingClientRect();
                      onOpen(link.id, left, bottom);
                    }}
                  >
                    {formatCount(link.count)}
                  </button>
                </td>
                <td className={styles.number}>{formatShare(link.count, from?.count ?? 0)}</td>
                <td className={styles.number}>{link.time === undefined ? <Missing /> : timeText(link.time)}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  scroll: css({ overflowX: 'auto', minWidth: 0 }),
  table: css({
    width: '100%',
    'th, td': {
      ...{ padding: theme.spacing(0.75, 1), borderBottom: `1px solid ${theme.colors.border.weak}`, textAlign: 'left' },
      fontWeight: theme.typography.fontWeightRegular,
    },
    'thead th': { color: theme.colors.text.secondary, fontWeight: theme.typography.fontWeightMedium },
  }),
  number: css({ fontVariantNumeric: 'tabular-nums', whiteSpace: 'nowrap', '&&': { textAlign: 'right' } }),
  count: css({
    ...{ background: 'none', border: 0, padding: 0, color: theme.colors.text.link },
    '&:hover': { textDecoration: 'underline' },
  }),
});
