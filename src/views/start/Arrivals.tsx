import { css } from '@emotion/css';
import { type GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';
import React from 'react';

import { Facts } from '../../components/Facts';
import { formatCount } from '../../components/numbers';
import { Section } from '../../components/Section';
import { type StoreStatus } from '../../query/types.gen';
import { t } from '../../text';

/** So many reasons; `footfall status` has the others. */
const SHOWN = 5;

/** Whether all that was sent is in the answers. */
export const isAllTaken = ({ inbox, rejected, left_out, conflicts }: StoreStatus) =>
  inbox + rejected + left_out + conflicts === 0;

/** What waits for the worker, and what of all that was sent is not in the answers. */
export function Arrivals({ status }: { status: StoreStatus }) {
  const styles = useStyles2(getStyles);
  const { inbox, inbox_more, rejected, duplicates, conflicts, left_out, rejected_kinds, left_out_kinds } = status;
  const waiting = formatCount(inbox);
  const facts = [
    { name: t('start.waiting'), value: inbox_more ? t('start.moreThan', { n: waiting }) : waiting },
    { name: t('start.rejected'), value: formatCount(rejected) },
    { name: t('start.leftOut'), value: formatCount(left_out) },
    { name: t('start.duplicates'), value: formatCount(duplicates) },
    { name: t('start.conflicts'), value: formatCount(conflicts) },
  ];
  const reasons = [
    ...rejected_kinds.map(({ rows, ...kind }) => ({ ...kind, n: rows })),
    ...left_out_kinds.map(({ values, ...kind }) => ({ ...kind, n: values })),
  ];
  return (
    <Section title={t('start.arrivals')}>
      <Facts large facts={facts} />
      {reasons.length > 0 && (
        <ul className={styles.list}>
          {reasons.slice(0, SHOWN).map(({ field, reason, n }) => (
            <li key={`${field} ${reason}`}>
              {formatCount(n)} × {field && <code>{field}</code>} {reason}
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  list: css({ listStyle: 'none', overflowWrap: 'anywhere' }),
});
