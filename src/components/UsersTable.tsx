import { css, cx } from '@emotion/css';
import { type DataFrame, type Field, FieldType, type GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';
import React, { type KeyboardEvent } from 'react';

import { type Sort } from '../query/types.gen';
import { t } from '../text';

import { Cell } from './Cell';
import { NARROW, TIGHT } from './narrow';
import { SortHead } from './SortHead';
import { getTableStyles } from './tableStyles';
import { UserCell } from './UserCell';
import { stepTo } from './useKeys';

export interface Column {
  id: string;
  name: string;
}

interface Props {
  /** With user_id, user_name and user_email beside the columns. */
  frame: DataFrame;
  /** The first one is shown by the user's cell. */
  columns: Column[];
  sort: Sort;
  /** The rows are of an earlier question. */
  old: boolean;
  hrefOf: (user: string) => string;
  onSort: (sort: Sort) => void;
}

/** Users, one row each, sorted by the backend: a table that becomes a list of cards where there is no room for one. */
export function UsersTable({ frame, columns, sort, old, hrefOf, onSort }: Props) {
  const styles = useStyles2(getStyles);
  const field = (name: string) => frame.fields.find((one) => one.name === name);
  const text = (name: string, row: number): string => field(name)?.values[row] ?? '';
  const others = columns.slice(1);
  return (
    <div className={styles.frame}>
      <table className={cx(styles.table, styles.users, old && styles.old)} aria-label={t('users.table')}>
        <thead>
          <tr>
            {columns.map((column) => (
              <SortHead
                key={column.id}
                {...{ column: column.id, name: column.name, sort, onSort }}
                numeric={isNumber(field(column.id))}
                largestFirst={isNumber(field(column.id)) || field(column.id)?.type === FieldType.time}
              />
            ))}
          </tr>
        </thead>
        <tbody onKeyDown={walk}>
          {Array.from({ length: frame.length }, (_, row) => (
            <tr key={text('user_id', row) || row}>
              <th scope="row">
                <UserCell
                  id={text('user_id', row)}
                  name={text('user_name', row)}
                  email={text('user_email', row)}
                  href={hrefOf(text('user_id', row))}
                />
              </th>
              {others.map(({ id, name }) => (
                <td key={id} data-name={name} className={cx(isNumber(field(id)) && styles.number)}>
                  {field(id) && <Cell field={field(id)!} row={row} />}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** Arrows lead from user to user. */
function walk(event: KeyboardEvent<HTMLElement>) {
  const links = linksIn(event.currentTarget);
  const to = stepTo(event.key, links.indexOf(event.target as HTMLElement), links.length);
  if (to !== undefined && links.includes(event.target as HTMLElement)) {
    event.preventDefault();
    links[to].focus();
  }
}

/** The users' links, one of each row. */
const linksIn = (table: Element) => [...table.querySelectorAll<HTMLElement>('th[scope=row] a')];

/** Leads into the list below a place. */
export const focusFirstUser = (view: Element | null) => view && linksIn(view)[0]?.focus();

const isNumber = (field?: Field) => field?.type === FieldType.number;

const getStyles = (theme: GrafanaTheme2) => ({
  ...getTableStyles(theme),
  users: css({
    'th, td': { maxWidth: 320, overflow: 'hidden', textOverflow: 'ellipsis', [NARROW]: { maxWidth: 'none' } },
    // As wide as the other columns let it be; long names and addresses are cut.
    'tr > :first-child': {
      ...{ position: 'sticky', left: 0, background: theme.colors.background.primary },
      ...{ width: '30%', minWidth: 220, maxWidth: 0 },
      [TIGHT]: { width: '25%', minWidth: 190 },
      [NARROW]: { position: 'static', minWidth: 0, maxWidth: 'none' },
    },
    // So that the usual columns fit beside each other.
    [TIGHT]: {
      'th, td': { padding: theme.spacing(0.75) },
      'thead th': { whiteSpace: 'normal', verticalAlign: 'bottom' },
      abbr: { display: 'none' },
    },
  }),
  old: css({ opacity: 0.6 }),
});
