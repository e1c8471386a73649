import { css } from '@emotion/css';
import { type GrafanaTheme2 } from '@grafana/data';
import { Alert, Button, Field, Input, useStyles2 } from '@grafana/ui';
import React, { useState } from 'react';

import { sendFile } from '../../api/call';
import { messageOf } from '../../api/errors';
import { forgetAnswers } from '../../api/useAnswers';
import { formatCount } from '../../components/numbers';
import { Stack } from '../../components/Stack';
import { type TableChecked, type TableReport } from '../../query/types.gen';
import { t } from '../../text';

import { type FileText, nameOfFile, tableName } from './file';
import { checkQuery, type FileOptions, uploadQuery } from './options';
import { useTable } from './useTable';

interface Props {
  datasource: string;
  file: FileText;
  options: FileOptions;
  checked: TableChecked;
  /** The table that the file is for. */
  replace?: string;
  /** What was found is not known yet. */
  disabled: boolean;
  onStored: (report: TableReport, query: string) => void;
}

/** Names a table and stores a file in it. */
export function Upload({ datasource, file, options, checked, replace, disabled, onStored }: Props) {
  const [typed, setTyped] = useState(() => nameOfFile(file.name));
  const [sent, setSent] = useState<number>();
  const [refusal, setRefusal] = useState<string>();
  const name = replace ?? tableName(typed);
  const { value: existing } = useTable(datasource, name);

  const upload = async () => {
    setSent(0);
    setRefusal(undefined);
    try {
      const query = uploadQuery(options, checked, name, file.name);
      const report = await sendFile<TableReport>(datasource, `tables?${query}`, file.text, setSent);
      forgetAnswers();
      onStored(report, checkQuery({ ...options, ...pick(checked) }));
    } catch (error) {
      setRefusal(messageOf(error));
      setSent(undefined);
    }
  };
  const busy = sent !== undefined;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void upload();
      }}
    >
      {!replace && (
        <Field
          label={t('tables.tableName')}
          description={t('tables.tableNameHelp', { example: `${name || '…'}.${checked.columns.at(-1)?.name}` })}
        >
          <Input
            {...{ id: 'table-name', width: 40, value: typed, disabled: busy }}
            onChange={({ currentTarget }) => setTyped(currentTarget.value)}
          />
        </Field>
      )}
      {existing && !replace && (
        <Alert severity="warning" title={t('tables.exists', { name, rows: formatCount(existing.rows) })} />
      )}
      {refusal && (
        <Alert severity="error" title={t('tables.refused')}>
          {refusal}
        </Alert>
      )}
      <Stack wrap>
        <Button type="submit" icon="upload" disabled={disabled || busy || !name || checked.problems.length > 0}>
          {existing ? t('tables.uploadReplace') : t('tables.upload')}
        </Button>
        {busy && <Progress sent={sent} rows={checked.read} />}
      </Stack>
    </form>
  );
}

const pick = ({ delimiter, firstLine, key, identity }: TableChecked) => ({ delimiter, firstLine, key, identity });

/** How far an upload is: the way to the server in steps, then the server's work, which has none. */
function Progress({ sent, rows }: { sent: number; rows: number }) {
  const styles = useStyles2(getStyles);
  const isSent = sent === 1;
  return (
    <>
      <progress className={styles.progress} aria-label={t('tables.progress')} value={isSent ? undefined : sent} />
      <span role="status">
        {isSent
          ? t('tables.storing', { rows: formatCount(rows) })
          : t('tables.sending', { share: Math.floor(sent * 100) })}
      </span>
    </>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({ progress: css({ accentColor: theme.colors.primary.main }) });
