import { css } from '@emotion/css';
import { type GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';
import React from 'react';

import { Missing } from '../../components/Missing';
import { formatCount, formatShare } from '../../components/numbers';
import { getTableStyles } from '../../components/tableStyles';
import { type PathwayUnit } from '../../query/types.gen';
import { t } from '../../text';

import { find, type Link } from './graph';
import { type Side } from './Sides';
import { type Opened } from './StepMenu';
import { endsOf, headOf, nameOf, pointsText, timeText } from './words';

interface Props {
  sides: Side[];
  unit: PathwayUnit;
  backward: boolean;
  /** Opens what can be done with a link, at a place of the window. */
  onOpen: (opened: Opened) => void;
}

/** The numbers of the chart: from where to where how many went. Where two are compared, how far their shares are apart. */
export function PathwaysTable({ sides, unit, backward, onOpen }: Props) {
  const styles = useStyles2(getTableStyles);
  const { count, group } = useStyles2(getStyles);
  const isCompared = sides.length > 1;
  const countHead = ({ name }: Side) => (isCompared ? name : t(`pathways.unit.${unit}`));
  const shareHead = ({ name }: Side) =>
    isCompared ? t('pathways.table.shareOf', { name }) : t('pathways.table.share');
  const timeHead = ({ name }: Side) => (isCompared ? t('pathways.table.timeOf', { name }) : t('pathways.table.time'));
  return (
    <div className={styles.frame}>
      <table className={styles.table} aria-label={t('pathways.title')}>
        <thead>
          <tr>
            {(['step', 'from', 'to'] as const).map((head) => (
              <th key={head} scope="col" rowSpan={isCompared ? 2 : 1}>
                {t(`pathways.table.${head}`)}
              </th>
            ))}
            {isCompared ? (
              <>
                {sides.map(({ name }, i) => (
                  <th key={i} scope="colgroup" colSpan={3} className={group}>
                    {name}
                  </th>
                ))}
                <th scope="col" rowSpan={2} className={styles.number}>
                  {t('pathways.table.points')}
                </th>
              </>
            ) : (
              <Heads unit={unit} share={t('pathways.table.share')} />
            )}
          </tr>
          {isCompared && (
            <tr>
              {sides.map((_, i) => (
                <Heads key={i} unit={unit} share={t('pathways.table.shortShare')} />
              ))}
            </tr>
          )}
        </thead>
        <tbody>
          {linksOf(sides).map((link) => {
            const { from, to } = endsOf(sides[0].graph, link);
            const counts = sides.map(({ graph }) => {
              const { count = 0, time } = find(graph, link.id).link ?? {};
              return { part: count, whole: find(graph, link.source).node?.count ?? 0, time };
            });
            const [here, beside] = counts;
            return (
              <tr key={link.id}>
                <td data-name={t('pathways.table.step')}>{from && headOf(from.step, backward)}</td>
                <th scope="row">{from && nameOf(from)}</th>
                <td data-name={t('pathways.table.to')}>{to && nameOf(to)}</td>
                {counts.map(({ part, whole, time }, i) => (
                  <React.Fragment key={i}>
                    <td data-name={countHead(sides[i])} className={styles.number}>
                      <button
                        type="button"
                        aria-haspopup="menu"
                        className={count}
                        onClick={({ currentTarget }) => {
                          const { left, bottom } = currentTarget.getBoundingClientRect();
                          onOpen({ id: link.id, x: left, y: bottom, compared: i > 0 });
                        }}
                      >
                        {formatCount(part)}
                      </button>
                    </td>
                    <td data-name={shareHead(sides[i])} className={styles.number}>
                      {formatShare(part, whole)}
                    </td>
                    <td data-name={timeHead(sides[i])} className={styles.number}>
                      {time === undefined ? <Missing /> : timeText(time)}
                    </td>
                  </React.Fragment>
                ))}
                {beside && (
                  <td data-name={t('pathways.table.points')} className={styles.number}>
                    {pointsText(beside.part, beside.whole, here.part, here.whole)}
                  </td>
                )}
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

/** What is told of each side. */
function Heads({ unit, share }: { unit: PathwayUnit; share: string }) {
  const { number } = useStyles2(getTableStyles);
  return (
    <>
      <th scope="col" className={number}>
        {t(`pathways.unit.${unit}`)}
      </th>
      <th scope="col" className={number} title={t('pathways.table.share')}>
        {share}
      </th>
      <th scope="col" className={number}>
        {t('pathways.table.time')}
      </th>
    </>
  );
}

/** The links of all sides, each once, as they come. */
const linksOf = (sides: Side[]): Link[] => [
  ...new Map(sides.flatMap(({ graph }) => graph.links.map((link) => [link.id, link]))).values(),
];

const getStyles = (theme: GrafanaTheme2) => ({
  // Above the numbers that it is of.
  group: css({ '&&': { textAlign: 'right' } }),
  count: css({
    ...{ background: 'none', border: 0, padding: 0, color: theme.colors.text.link },
    '&:hover': { textDecoration: 'underline' },
  }),
});
