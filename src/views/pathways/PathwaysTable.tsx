import { css } from '@emotion/css';
import { type GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';
import React from 'react';

import { Missing } from '../../components/Missing';
import { formatCount, formatShare } from '../../components/numbers';
import { getTableStyles } from '../../components/tableStyles';
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
  const styles = useStyles2(getTableStyles);
  const { count } = useStyles2(getStyles);
  return (
    <div className={styles.frame}>
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
                <td data-name={t('pathways.table.step')}>{from && headOf(from.step, backward)}</td>
                <th scope="row">{from && nameOf(from)}</th>
                <td data-name={t('pathways.table.to')}>{to && nameOf(to)}</td>
                <td data-name={t(`pathways.unit.${unit}`)} className={styles.number}>
                  <button
                    type="button"
                    aria-haspopup="menu"
                    className={count}
                    onClick={({ currentTarget }) => {
                      const { left, bottom } = currentTarget.getBoundingClientRect();
                      onOpen(link.id, left, bottom);
                    }}
                  >
                    {formatCount(link.count)}
                  </button>
                </td>
                <td data-name={t('pathways.table.share')} className={styles.number}>
                  {formatShare(link.count, from?.count ?? 0)}
                </td>
                <td data-name={t('pathways.table.time')} className={styles.number}>
                  {link.time === undefined ? <Missing /> : timeText(link.time)}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  count: css({
    ...{ background: 'none', border: 0, padding: 0, color: theme.colors.text.link },
    '&:hover': { textDecoration: 'underline' },
  }),
});
