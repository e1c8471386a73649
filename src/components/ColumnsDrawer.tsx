import { css } from '@emotion/css';
import { type GrafanaTheme2 } from '@grafana/data';
import { Button, Drawer, FilterInput, IconButton, useStyles2 } from '@grafana/ui';
import React, { useState } from 'react';

import { t } from '../text';

import { Stack } from './Stack';
import { type Column } from './UsersTable';

interface Props {
  /** In the order shown; the first one stays. */
  shown: Column[];
  all: Column[];
  onChange: (ids: string[]) => void;
  onReset: () => void;
  onClose: () => void;
}

/** Chooses and orders columns. */
export function ColumnsDrawer({ shown, all, onChange, onReset, onClose }: Props) {
  const styles = useStyles2(getStyles);
  const [search, setSearch] = useState('');
  const ids = shown.map(({ id }) => id);
  const matches = ({ id, name }: Column) => `${id} ${name}`.toLowerCase().includes(search.toLowerCase());
  const swapped = (i: number, j: number) => ids.map((id, at) => (at === i ? ids[j] : at === j ? ids[i] : id));
  return (
    <Drawer title={t('columns.title')} size="sm" onClose={onClose}>
      <Stack direction="column">
        <FilterInput
          {...{ placeholder: t('columns.search'), value: search, onChange: setSearch, escapeRegex: false }}
        />
        <h3 className={styles.title}>{t('columns.shown')}</h3>
        <ol className={styles.list}>
          {shown.map(
            (column, i) =>
              matches(column) && (
                <li key={column.id} className={styles.row}>
                  <span className={styles.name}>{column.name}</span>
                  <IconButton
                    {...{ name: 'arrow-up', disabled: i < 2, tooltip: t('columns.up', { name: column.name }) }}
                    onClick={() => onChange(swapped(i, i - 1))}
                  />
                  <IconButton
                    {...{ name: 'arrow-down', tooltip: t('columns.down', { name: column.name }) }}
                    disabled={i === 0 || i === shown.length - 1}
                    onClick={() => onChange(swapped(i, i + 1))}
                  />
                  <IconButton
                    {...{ name: 'times', disabled: i === 0, tooltip: t('columns.hide', { name: column.name }) }}
                    onClick={() => onChange(ids.filter((id) => id !== column.id))}
                  />
                </li>
              )
          )}
        </ol>
        <h3 className={styles.title}>{t('columns.others')}</h3>
        <ul className={styles.list}>
          {all
            .filter((column) => !ids.includes(column.id) && matches(column))
            .map((column) => (
              <li key={column.id} className={styles.row}>
                <span className={styles.name}>{column.name}</span>
                <IconButton
                  {...{ name: 'plus', tooltip: t('columns.show', { name: column.name }) }}
                  onClick={() => onChange([...ids, column.id])}
                />
              </li>
            ))}
        </ul>
        <Stack>
          <Button variant="secondary" onClick={onReset}>
            {t('columns.reset')}
          </Button>
        </Stack>
      </Stack>
    </Drawer>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  title: css({ ...theme.typography.h6, margin: theme.spacing(1, 0, 0) }),
  list: css({ listStyle: 'none' }),
  row: css({
    ...{ display: 'flex', alignItems: 'center', gap: theme.spacing(0.5), minHeight: 32 },
    borderBottom: `1px solid ${theme.colors.border.weak}`,
  }),
  name: css({ flex: '1 1 auto' }),
});
