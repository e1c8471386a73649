import { css, cx } from '@emotion/css';
import { type GrafanaTheme2 } from '@grafana/data';
import { Icon, useStyles2 } from '@grafana/ui';
import React, { type AriaAttributes } from 'react';

import { getTableStyles } from './tableStyles';

interface Props<C extends string> {
  column: C;
  name: string;
  sort: { column: string; descending: boolean };
  numeric?: boolean;
  /** What is more, or later, is looked for first. */
  largestFirst?: boolean;
  onSort: (sort: { column: C; descending: boolean }) => void;
}

/** The head of a column that sorts its table. */
export function SortHead<C extends string>({ column, name, sort, numeric, largestFirst, onSort }: Props<C>) {
  const styles = useStyles2(getStyles);
  const sorted = sort.column === column;
  const direction: AriaAttributes['aria-sort'] = sorted ? (sort.descending ? 'descending' : 'ascending') : 'none';
  return (
    <th scope="col" aria-sort={direction} className={cx(numeric && styles.number)}>
      <button
        type="button"
        className={styles.sort}
        onClick={() => onSort({ column, descending: sorted ? !sort.descending : Boolean(largestFirst) })}
      >
        {name}
        {sorted && <Icon name={sort.descending ? 'arrow-down' : 'arrow-up'} size="sm" />}
      </button>
    </th>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  number: getTableStyles(theme).number,
  sort: css({
    ...{ background: 'none', border: 0, padding: 0, display: 'inline-flex', alignItems: 'center' },
    ...{ gap: theme.spacing(0.5), color: 'inherit', fontWeight: 'inherit', textAlign: 'inherit' },
    '&:hover': { color: theme.colors.text.primary },
  }),
});
