import { css, cx } from '@emotion/css';
import { type DataFrame, type Field, FieldType, type GrafanaTheme2 } from '@grafana/data';
import { Icon, useStyles2 } from '@grafana/ui';
import React, { type AriaAttributes, type KeyboardEvent } from 'react';

import { type Sort } from '../query/types.gen';
import { t } from '../text';

import { NARROW } from './narrow';

import { Cell } from './Cell';
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
      <table className={cx(styles.table, old && styles.old)} aria-label={t('users.table')}>
        <thead>
          <tr>
            {columns.map((column) => (
              <HeadCell key={column.id} column={column} field={field(column.id)} sort={sort} onSort={onSort} />
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

interface HeadProps extends Pick<Props, 'sort' | 'onSort'> {
  column: Column;
  field?: Field;
}

function HeadCell({ column: { id, name }, field, sort, onSort }: HeadProps) {
  const styles = useStyles2(getStyles);
  const sorted = sort.column === id;
  const direction: AriaAttributes['aria-sort'] = sorted ? (sort.descending ? 'descending' : 'ascending') : 'none';
  // What is more, or later, is looked for first.
  const first = field?.type === FieldType.number || field?.type === FieldType.time;
  return (
    <th scope="col" aria-sort={direction} className={cx(isNumber(field) && styles.number)}>
      <button
        type="button"
        className={styles.sort}
        onClick={() => onSort({ column: id, descending: sorted ? !sort.descending : first })}
      >
        {name}
        {sorted && <Icon name={sort.descending ? 'arrow-down' : 'arrow-up'} size="sm" />}
      </button>
    </th>
  );
}

const getStyles = (theme: GrafanaTheme2) => {
  const line = `1px solid ${theme.colors.border.weak}`;
  return {
    frame: css({ overflowX: 'auto', border: line, borderRadius: theme.shape.radius.default }),
    table: css({
      ...{ width: '100%', borderCollapse: 'separate', borderSpacing: 0, background: theme.colors.background.primary },
      'th, td': {
        ...{ padding: theme.spacing(0.75, 1), borderBottom: line, fontWeight: theme.typography.fontWeightRegular },
        ...{ textAlign: 'left', whiteSpace: 'nowrap', maxWidth: 320, overflow: 'hidden', textOverflow: 'ellipsis' },
      },
      'tbody tr:last-child > *': { borderBottom: 'none' },
      'tbody tr:hover > *': { background: theme.colors.background.secondary },
      'tr > :first-child': {
        position: 'sticky',
        left: 0,
        background: theme.colors.background.primary,
        minWidth: 220,
        maxWidth: 280,
      },
      [NARROW]: {
        thead: { position: 'absolute', width: 1, height: 1, overflow: 'hidden', clipPath: 'inset(50%)' },
        'tbody, tr, tbody th, td': { display: 'block', maxWidth: 'none' },
        tr: { borderBottom: line, padding: theme.spacing(1, 0) },
        'tr > :first-child': { position: 'static' },
        'th, td': { borderBottom: 'none', padding: theme.spacing(0.25, 1.5) },
        'td::before': { content: 'attr(data-name) ": "', color: theme.colors.text.secondary },
      },
    }),
    old: css({ opacity: 0.6 }),
    number: css({
      ...{ fontVariantNumeric: 'tabular-nums', '&&': { textAlign: 'right', [NARROW]: { textAlign: 'left' } } },
    }),
    sort: css({
      ...{ background: 'none', border: 0, padding: 0, display: 'inline-flex', alignItems: 'center' },
      ...{ gap: theme.spacing(0.5), color: theme.colors.text.secondary, fontWeight: theme.typography.fontWeightMedium },
      '&:hover': { color: theme.colors.text.primary },
    }),
  };
};
