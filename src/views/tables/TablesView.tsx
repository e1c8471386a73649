import { css } from '@emotion/css';
import { type GrafanaTheme2 } from '@grafana/data';
import { Button, LinkButton, useStyles2 } from '@grafana/ui';
import React from 'react';

import { mayEdit } from '../../api/roles';
import { useResource } from '../../api/useResource';
import { Deleted } from '../../components/Deleted';
import { EmptyState } from '../../components/EmptyState';
import { Failure } from '../../components/Failure';
import { LoadingLine } from '../../components/LoadingLine';
import { Missing } from '../../components/Missing';
import { formatCount } from '../../components/numbers';
import { SearchBox } from '../../components/SearchBox';
import { Stack } from '../../components/Stack';
import { getTableStyles } from '../../components/tableStyles';
import { TimeAgo } from '../../components/TimeAgo';
import { type Table } from '../../query/types.gen';
import { t } from '../../text';

import { keyText, tablePath } from './facts';
import { type Places } from './places';
import { UsedBy } from './UsedBy';

interface Props {
  datasource: string;
  search: string;
  onSearch: (search: string) => void;
  places: Places;
  /** It was deleted just now. */
  deleted?: string;
  onDeleted: (deleted: undefined) => void;
}

/** All reference tables: what they are about, and what uses them. */
export function TablesView({ datasource, search, onSearch, places, deleted, onDeleted }: Props) {
  const styles = useStyles2(getStyles);
  const { value: tables, error, again } = useResource<Table[]>(datasource, 'tables');
  const found = tables?.filter((table) => matches(table, search));
  const may = mayEdit();
  const upload = (
    <LinkButton icon="upload" href={places.upload()}>
      {t('tables.fromFile')}
    </LinkButton>
  );
  return (
    <div className={styles.view} data-testid="tables view">
      <p className={styles.note}>{t('tables.about')}</p>
      <Stack spread wrap>
        <SearchBox label={t('tables.search')} value={search} onChange={onSearch} />
        {may ? (
          tables && tables.length > 0 && upload
        ) : (
          <Stack wrap>
            <span className={styles.note}>{t('tables.role')}</span>
            <Button icon="upload" disabled>
              {t('tables.fromFile')}
            </Button>
          </Stack>
        )}
      </Stack>
      {deleted && (
        <Deleted
          {...{ datasource, path: tablePath(deleted), name: deleted, onClose: () => onDeleted(undefined) }}
          onRestored={() => {
            onDeleted(undefined);
            again();
          }}
        />
      )}
      <LoadingLine loading={!tables && !error} />
      {error && <Failure message={error} onRetry={again} />}
      {tables?.length === 0 && (
        <EmptyState icon="table" title={t('tables.none')} help={t('tables.noneHelp')}>
          {may && upload}
        </EmptyState>
      )}
      {found?.length === 0 && tables!.length > 0 && <EmptyState title={t('tables.noMatch')} />}
      {found && found.length > 0 && (
        <div className={styles.frame}>
          <table className={styles.table} aria-label={t('tables.title')}>
            <thead>
              <tr>
                <th scope="col">{t('tables.name')}</th>
                <th scope="col">{t('tables.key')}</th>
                <th scope="col" className={styles.number}>
                  {t('tables.rows')}
                </th>
                <th scope="col" className={styles.number}>
                  {t('tables.users')}
                </th>
                <th scope="col">{t('tables.usedBy')}</th>
                <th scope="col">{t('tables.uploaded')}</th>
              </tr>
            </thead>
            <tbody>
              {found.map((table) => (
                <Line key={table.name} {...{ table, places }} />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </div>
  );
}

const matches = ({ name, columns, file }: Table, search: string) =>
  [name, file, ...columns.map((column) => column.name)].join(' ').toLowerCase().includes(search.trim().toLowerCase());

function Line({ table, places }: { table: Table; places: Places }) {
  const styles = useStyles2(getStyles);
  const { name, columns, rows, report, usedBy, uploadedAt, uploadedBy } = table;
  return (
    <tr>
      <th scope="row" className={styles.first}>
        <a href={places.table(name)} className={styles.name}>
          {name}
        </a>
        <div className={styles.note}>{columns.map((column) => column.name).join(', ')}</div>
      </th>
      <td data-name={t('tables.key')}>{keyText(table)}</td>
      <td data-name={t('tables.rows')} className={styles.number}>
        {formatCount(rows)}
      </td>
      <td data-name={t('tables.users')} className={styles.number}>
        {formatCount(report.users)}
      </td>
      <td data-name={t('tables.usedBy')} className={styles.used}>
        {usedBy.length > 0 ? <UsedBy {...{ usedBy, places }} /> : <Missing />}
      </td>
      <td data-name={t('tables.uploaded')} className={styles.note}>
        <TimeAgo ms={Date.parse(uploadedAt)} />
        {uploadedBy && <span className={styles.below}>{t('tables.by', { who: uploadedBy })}</span>}
      </td>
    </tr>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  ...getTableStyles(theme),
  view: css({ display: 'flex', flexDirection: 'column', gap: theme.spacing(1), containerType: 'inline-size' }),
  first: css({ '&&': { whiteSpace: 'normal', minWidth: 200, maxWidth: '48ch' } }),
  used: css({ '&&': { whiteSpace: 'normal' } }),
  name: css({ fontWeight: theme.typography.fontWeightMedium, color: theme.colors.text.link }),
  note: css({ color: theme.colors.text.secondary, margin: 0 }),
});
