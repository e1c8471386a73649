import { css, cx } from '@emotion/css';
import { type GrafanaTheme2 } from '@grafana/data';
import { Icon, useStyles2 } from '@grafana/ui';
import React from 'react';

import { Choice } from '../../components/Choice';
import { type AttributeType, type TableChecked, type TableColumn } from '../../query/types.gen';
import { t } from '../../text';

import { typeText } from './facts';
import { problemsByLine } from './options';

interface Props {
  checked: TableChecked;
  /** The rows are of what was said before. */
  old: boolean;
  onType: (column: string, type: AttributeType) => void;
}

const TYPES: AttributeType[] = ['text', 'number'];

/** Rows of a file as they would be read, with what is wrong in them at its place. */
export function RowsTable({ checked, old, onType }: Props) {
  const styles = useStyles2(getStyles);
  const { columns, header, key, rows } = checked;
  const problems = problemsByLine(checked);
  const label = problems.size > 0 ? t('tables.firstRowsAnd') : t('tables.firstRows');
  return (
    <div className={styles.frame} role="region" tabIndex={0} aria-label={label}>
      <table className={cx(styles.table, old && styles.old)} aria-label={label}>
        <thead>
          <tr>
            <th scope="col">{t('tables.line')}</th>
            {columns.map(({ name, type }, i) => (
              <th key={name} scope="col" className={cx(name === key && styles.key)}>
                <Head name={name} original={header[i]} isKey={name === key} />
                <Choice<TableColumn['type']>
                  label={t('tables.typeOf', { column: name })}
                  width={14}
                  value={type}
                  options={TYPES.map((value) => ({ value, label: typeText(value) }))}
                  onChange={(chosen) => onType(name, chosen)}
                />
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ line, cells }) => {
            const wrong = problems.get(line);
            return (
              <tr key={line}>
                <th scope="row" className={styles.line}>
                  {line}
                  {wrong?.row.map((problem) => (
                    <Problem key={problem} text={problem} />
                  ))}
                </th>
                {columns.map(({ name, type }, i) => (
                  <td
                    key={name}
                    className={cx(
                      name === key && styles.key,
                      type === 'number' && styles.number,
                      wrong?.cells[name] && styles.wrong
                    )}
                  >
                    {cells[i]}
                    {wrong?.cells[name] && <Problem text={wrong.cells[name]} />}
                  </td>
                ))}
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

/** A column's name, as filters know it, and as it stands in the file where that is something else. */
function Head({ name, original, isKey }: { name: string; original: string; isKey: boolean }) {
  const styles = useStyles2(getStyles);
  return (
    <div className={styles.head}>
      <span>{original.trim() || name}</span>
      {original.trim() && original.trim().toLowerCase() !== name && <span className={styles.note}>{name}</span>}
      {isKey && (
        <span>
          <Icon name="user" size="sm" /> {t('tables.tellsUser')}
        </span>
      )}
    </div>
  );
}

function Problem({ text }: { text: string }) {
  const styles = useStyles2(getStyles);
  return (
    <div className={styles.problem}>
      <Icon name="exclamation-triangle" size="sm" /> {text}
    </div>
  );
}

const getStyles = (theme: GrafanaTheme2) => {
  const line = `1px solid ${theme.colors.border.weak}`;
  return {
    frame: css({ overflow: 'auto', maxHeight: 480, border: line, borderRadius: theme.shape.radius.default }),
    table: css({
      ...{ width: '100%', borderCollapse: 'separate', borderSpacing: 0, background: theme.colors.background.primary },
      'th, td': {
        ...{ padding: theme.spacing(0.75, 1), borderBottom: line, fontWeight: theme.typography.fontWeightRegular },
        ...{ textAlign: 'left', verticalAlign: 'top', maxWidth: 320, overflowWrap: 'anywhere' },
      },
      'thead th': { position: 'sticky', top: 0, zIndex: 1, background: theme.colors.background.secondary },
      'tbody tr:last-child > *': { borderBottom: 'none' },
    }),
    old: css({ opacity: 0.6 }),
    head: css({ display: 'flex', flexWrap: 'wrap', gap: theme.spacing(0, 1), paddingBottom: theme.spacing(0.5) }),
    note: css({ color: theme.colors.text.secondary, whiteSpace: 'nowrap' }),
    line: css({ color: theme.colors.text.secondary, width: '1%', minWidth: 64 }),
    number: css({ fontVariantNumeric: 'tabular-nums' }),
    key: css({ '&&': { background: theme.colors.background.secondary } }),
    wrong: css({ '&&': { background: theme.colors.error.transparent } }),
    problem: css({
      ...{ fontSize: theme.typography.bodySmall.fontSize, minWidth: 160 },
      // The text itself would be too pale on the red of its cell.
      '& svg': { color: theme.colors.error.text },
    }),
  };
};
