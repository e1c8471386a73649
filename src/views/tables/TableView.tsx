import { css } from '@emotion/css';
import { type GrafanaTheme2 } from '@grafana/data';
import { LinkButton, useStyles2 } from '@grafana/ui';
import React from 'react';

import { EmptyState } from '../../components/EmptyState';
import { Facts } from '../../components/Facts';
import { Failure } from '../../components/Failure';
import { LoadingLine } from '../../components/LoadingLine';
import { formatCount } from '../../components/numbers';
import { Section } from '../../components/Section';
import { getTableStyles } from '../../components/tableStyles';
import { TimeAgo } from '../../components/TimeAgo';
import { type Table } from '../../query/types.gen';
import { t } from '../../text';

import { Counts } from './Counts';
import { keyText, typeText } from './facts';
import { type Places } from './places';
import { TableActions } from './TableActions';
import { UsedBy } from './UsedBy';
import { useTable } from './useTable';

interface Props {
  datasource: string;
  name: string;
  places: Places;
  /** Lists may be exported by who is signed in. */
  mayExport: boolean;
  onDeleted: (name: string) => void;
}

/** One reference table: its columns, what uses it, what its upload has found, and what can be done with it. */
export function TableView({ datasource, name, places, mayExport, onDeleted }: Props) {
  const styles = useStyles2(getStyles);
  const { value: table, error, again } = useTable(datasource, name);
  if (table === undefined) {
    return error ? <Failure message={error} onRetry={again} /> : <LoadingLine loading />;
  }
  if (!table) {
    return (
      <EmptyState icon="table" title={t('tables.noTable', { name })} help={t('tables.noTableHelp')}>
        <LinkButton href={places.list}>{t('tables.all')}</LinkButton>
      </EmptyState>
    );
  }
  const { rows, file, version, uploadedAt, uploadedBy, usedBy, report } = table;
  return (
    <div className={styles.view} data-testid="table view">
      <TableActions {...{ datasource, table, places, mayExport, onDeleted, onChanged: again }} />
      <Facts
        facts={[
          { name: t('tables.rows'), value: formatCount(rows) },
          { name: t('tables.key'), value: keyText(table) },
          { name: t('tables.file'), value: file || t('common.missing') },
          { name: t('tables.version'), value: version },
          {
            name: t('tables.uploaded'),
            value: (
              <>
                <TimeAgo ms={Date.parse(uploadedAt)} /> {uploadedBy && t('tables.by', { who: uploadedBy })}
              </>
            ),
          },
          {
            name: t('tables.usedBy'),
            value: usedBy.length > 0 ? <UsedBy {...{ usedBy, places }} /> : t('tables.notUsed'),
          },
        ]}
      />
      <Section title={t('tables.columns')}>
        <Columns {...{ table, places }} />
      </Section>
      <Section title={t('tables.lastUpload')}>
        <Counts content={report} />
      </Section>
    </div>
  );
}

/** The columns, each with the way to the users who have a value of it. */
function Columns({ table: { name, columns }, places }: { table: Table; places: Places }) {
  const styles = useStyles2(getStyles);
  return (
    <table className={styles.table} aria-label={t('tables.columns')}>
      <thead>
        <tr>
          <th scope="col">{t('tables.column')}</th>
          <th scope="col">{t('tables.type')}</th>
          <th scope="col">{t('tables.count.users')}</th>
        </tr>
      </thead>
      <tbody>
        {columns.map((column) => {
          const attribute = `${name}.${column.name}`;
          return (
            <tr key={attribute}>
              <th scope="row">{attribute}</th>
              <td data-name={t('tables.type')}>{typeText(column.type)}</td>
              <td data-name={t('tables.count.users')}>
                <a
                  href={places.users(`${attribute}:*`)}
                  className={styles.link}
                  aria-label={t('tables.filterBy', { column: attribute })}
                >
                  {t('tables.filterUsers')}
                </a>
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  ...getTableStyles(theme),
  view: css({ display: 'flex', flexDirection: 'column', gap: theme.spacing(2), containerType: 'inline-size' }),
  link: css({ color: theme.colors.text.link }),
});
