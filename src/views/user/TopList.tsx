import { css } from '@emotion/css';
import { type DataFrame, type GrafanaTheme2 } from '@grafana/data';
import { Button, useStyles2 } from '@grafana/ui';
import React, { useState } from 'react';

import { fieldOf, nameOf, valueOf } from '../../api/frames';
import { Cell } from '../../components/Cell';
import { NARROW, TIGHT } from '../../components/narrow';
import { formatCount } from '../../components/numbers';
import { Section } from '../../components/Section';
import { t } from '../../text';

/** How many are shown at first. */
const FEW = 8;

interface Props {
  title: string;
  /** Undefined until it was answered. */
  frame?: DataFrame;
  /** The field with the names, and the one that is counted. */
  name: string;
  count: string;
  /** What the times are. */
  time: string;
}

/** What the user did most, each with a bar against the first. */
export function TopList({ title, frame, name, count, time }: Props) {
  const styles = useStyles2(getStyles);
  const [all, setAll] = useState(false);
  const length = frame?.length ?? 0;
  const most = (frame && valueOf<number>(frame, count)) ?? 0;
  const cell = (field: string, row: number) => <Cell field={fieldOf(frame!, field)!} row={row} />;
  const share = (row: number) => `${(100 * valueOf<number>(frame!, count, row)!) / most}% 100%`;
  return (
    <Section title={title}>
      {frame && length === 0 && <span className={styles.none}>{t('user.nothing')}</span>}
      {length > 0 && (
        <table className={styles.table} aria-label={title}>
          <thead>
            <tr>
              <th scope="col">{nameOf(fieldOf(frame!, name)!)}</th>
              <th scope="col">{t('user.sessions')}</th>
              <th scope="col">{time}</th>
              <th scope="col">{nameOf(fieldOf(frame!, count)!)}</th>
            </tr>
          </thead>
          <tbody>
            {Array.from({ length: all ? length : Math.min(length, FEW) }, (_, row) => (
              <tr key={row}>
                <th scope="row" className={styles.bar} style={{ backgroundSize: share(row) }}>
                  <span className={styles.name} title={valueOf(frame!, name, row)}>
                    {valueOf(frame!, name, row)}
                  </span>
                </th>
                <td>{cell('sessions', row)}</td>
                <td>{cell('median_time', row)}</td>
                <td>{cell(count, row)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {!all && length > FEW && (
        <Button variant="secondary" fill="text" size="sm" onClick={() => setAll(true)}>
          {t('user.showAll', { count: formatCount(length) })}
        </Button>
      )}
    </Section>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  none: css({ color: theme.colors.text.secondary }),
  table: css({
    ...{ width: '100%', tableLayout: 'fixed', borderCollapse: 'separate', borderSpacing: theme.spacing(0, 0.25) },
    'th, td': {
      ...{ padding: theme.spacing(0.5, 1), fontWeight: theme.typography.fontWeightRegular },
      ...{ textAlign: 'right', fontVariantNumeric: 'tabular-nums', width: 68, whiteSpace: 'nowrap' },
    },
    'th:first-child': { textAlign: 'left', width: 'auto' },
    'th:nth-child(3)': { width: 88 },
    // Where two lists share what is there, without the sessions.
    [TIGHT]: { 'th:nth-child(2), td:nth-child(2)': { display: 'none' } },
    // Where there is no room, the count alone: the name tells more than the rest.
    [NARROW]: { 'th:nth-child(2), th:nth-child(3), td:nth-child(2), td:nth-child(3)': { display: 'none' } },
    'thead th': {
      whiteSpace: 'normal',
      verticalAlign: 'bottom',
      color: theme.colors.text.secondary,
      fontSize: theme.typography.bodySmall.fontSize,
    },
  }),
  bar: css({
    backgroundImage: `linear-gradient(${theme.colors.primary.transparent}, ${theme.colors.primary.transparent})`,
    ...{ backgroundRepeat: 'no-repeat', borderRadius: theme.shape.radius.default },
  }),
  // Whole, where that takes two lines.
  name: css({
    ...{ display: '-webkit-box', WebkitBoxOrient: 'vertical', WebkitLineClamp: 2, overflow: 'hidden' },
    ...{ whiteSpace: 'normal', overflowWrap: 'anywhere' },
  }),
});
