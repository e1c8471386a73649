import { css } from '@emotion/css';
import { type GrafanaTheme2 } from '@grafana/data';
import { Alert, LinkButton, useStyles2 } from '@grafana/ui';
import React, { useState } from 'react';

import { mayEdit } from '../../api/roles';
import { BackLink } from '../../components/BackLink';
import { EmptyState } from '../../components/EmptyState';
import { Stack } from '../../components/Stack';
import { type TableReport } from '../../query/types.gen';
import { t } from '../../text';

import { CheckedFile } from './CheckedFile';
import { type FileText, readFile } from './file';
import { FileChoice } from './FileChoice';
import { type FileOptions, GUESS } from './options';
import { type Places } from './places';
import { Stored } from './Stored';
import { useTable } from './useTable';

interface Props {
  datasource: string;
  /** The table to replace, undefined for a new one. */
  replace?: string;
  places: Places;
}

/** Makes a table of a file: what is in it and whom it is about is seen before anything is stored. */
export function UploadView({ datasource, replace, places }: Props) {
  const styles = useStyles2(getStyles);
  const [file, setFile] = useState<FileText>();
  const [options, setOptions] = useState<FileOptions>(GUESS);
  const [problem, setProblem] = useState<string>();
  const [report, setReport] = useState<{ of: TableReport; query: string }>();
  const { value: replaced } = useTable(datasource, replace);

  if (!mayEdit()) {
    return (
      <EmptyState icon="lock" title={t('tables.role')}>
        <LinkButton href={places.list}>{t('tables.all')}</LinkButton>
      </EmptyState>
    );
  }
  const choose = async (chosen: File) => {
    setReport(undefined);
    setProblem(undefined);
    try {
      setFile(await readFile(chosen));
      setOptions(GUESS);
    } catch (error) {
      setFile(undefined);
      setProblem((error as Error).message);
    }
  };
  return (
    <div className={styles.view} data-testid="upload view">
      <Stack>
        <BackLink href={places.list} text={t('tables.all')} />
      </Stack>
      {replace && !report && (
        <p className={styles.note}>
          {t('tables.replacingHelp')}{' '}
          {replaced &&
            replaced.usedBy.length > 0 &&
            t('tables.replacingUsed', { names: replaced.usedBy.map(({ name }) => name).join(', ') })}
        </p>
      )}
      {!report && (
        <FileChoice
          chosen={file && t('tables.chosen', { file: file.name, size: sizeText(file.text) })}
          onFile={(chosen) => void choose(chosen)}
        />
      )}
      {problem && (
        <Alert severity="error" title={t('tables.unreadable')}>
          {problem}
        </Alert>
      )}
      {file && !report && (
        <CheckedFile
          {...{ datasource, file, options, replace, onOptions: setOptions, places }}
          onStored={(of, query) => setReport({ of, query })}
        />
      )}
      {file && report && <Stored {...{ datasource, file, report: report.of, query: report.query, places }} />}
    </div>
  );
}

function sizeText(text: string): string {
  const kilobytes = text.length / 1000;
  return kilobytes < 1000 ? `${Math.max(1, Math.round(kilobytes))} kB` : `${(kilobytes / 1000).toFixed(1)} MB`;
}

const getStyles = (theme: GrafanaTheme2) => ({
  view: css({ display: 'flex', flexDirection: 'column', gap: theme.spacing(2), containerType: 'inline-size' }),
  note: css({ color: theme.colors.text.secondary, margin: 0 }),
});
