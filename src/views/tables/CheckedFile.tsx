import { css } from '@emotion/css';
import { type GrafanaTheme2 } from '@grafana/data';
import { Alert, Checkbox, useStyles2 } from '@grafana/ui';
import React from 'react';

import { LoadingLine } from '../../components/LoadingLine';
import { formatCount } from '../../components/numbers';
import { Section } from '../../components/Section';
import { Stack } from '../../components/Stack';
import { type TableChecked, type TableReport } from '../../query/types.gen';
import { t } from '../../text';

import { AsList } from './AsList';
import { Counts } from './Counts';
import { Downloads } from './Downloads';
import { identityText, isOfEveryStore } from './facts';
import { type FileText } from './file';
import { checkQuery, type FileOptions, withType } from './options';
import { type Places } from './places';
import { Reading } from './Reading';
import { RowsTable } from './RowsTable';
import { Upload } from './Upload';
import { useCheck } from './useCheck';

interface Props {
  datasource: string;
  file: FileText;
  options: FileOptions;
  replace?: string;
  places: Places;
  onOptions: (options: FileOptions) => void;
  /** With the parameters that the file was read by. */
  onStored: (report: TableReport, query: string) => void;
}

/** A file that was chosen: how it is read, whom it is about, what is wrong with it, and the way to store it. */
export function CheckedFile({ datasource, file, options, replace, places, onOptions, onStored }: Props) {
  const styles = useStyles2(getStyles);
  const { checked, refusal, checking } = useCheck(datasource, file.text, options);
  return (
    <div className={styles.parts} aria-busy={checking}>
      <LoadingLine loading={checking} />
      {file.isGuessed && <Alert severity="warning" title={t('tables.guessed')} />}
      {refusal && (
        <Alert severity="error" title={t('tables.unreadable')}>
          {refusal}
        </Alert>
      )}
      {!checked && checking && <p role="status">{t('tables.reading')}</p>}
      {checked && (
        <>
          <Reading {...{ datasource, checked, options, onOptions }} />
          <Section title={t('tables.found')} extra={checking && <span role="status">{t('tables.checking')}</span>}>
            <div className={styles.counts} aria-live="polite" aria-busy={checking}>
              <Counts content={checked} />
            </div>
            <Notes checked={checked} />
            <Downloads {...{ datasource, file, content: checked, query: checkQuery(options) }} />
          </Section>
          <Wrong checked={checked} />
          {(checked.wrong > 0 || options.leaveOut) && (
            <Stack>
              <Checkbox
                label={t('tables.leaveOut')}
                description={t('tables.leaveOutHelp')}
                value={options.leaveOut ?? false}
                onChange={({ currentTarget: { checked } }) => onOptions({ ...options, leaveOut: checked })}
              />
            </Stack>
          )}
          <RowsTable
            {...{ checked, old: checking, onType: (column, type) => onOptions(withType(options, column, type)) }}
          />
          <Upload {...{ datasource, file, options, checked, replace, onStored }} disabled={checking} />
          {checked.columns.length === 1 && !replace && isOfEveryStore(checked.identity) && (
            <AsList
              {...{ datasource, file, checked, disabled: checking, onMade: (id) => places.go(places.segment(id)) }}
            />
          )}
        </>
      )}
    </div>
  );
}

/** What the numbers mean. */
function Notes({
  checked: { read, matched, unmatched, duplicate, empty, invalid, identity, wrong },
}: {
  checked: TableChecked;
}) {
  const styles = useStyles2(getStyles);
  const leftOut = duplicate + empty + invalid;
  return (
    <>
      {read === 0 && wrong === 0 && <p className={styles.note}>{t('tables.noRows')}</p>}
      {read > 0 && matched === 0 && (
        <Alert severity="warning" title={t('tables.nobody', { identity: identityText(identity) })} />
      )}
      {matched > 0 && unmatched > 0 && <p className={styles.note}>{t('tables.unmatchedHelp')}</p>}
      {leftOut > 0 && (
        <p className={styles.note}>
          {leftOut === 1 ? t('tables.leftOutOne') : t('tables.leftOut', { n: formatCount(leftOut) })}
        </p>
      )}
    </>
  );
}

/** That an upload would be refused, and why where that is not about a row. */
function Wrong({ checked: { wrong, problems } }: { checked: TableChecked }) {
  if (problems.length === 0) {
    return null;
  }
  const title =
    wrong === 0
      ? t('tables.wrongFile')
      : wrong === 1
        ? t('tables.wrongOne')
        : t('tables.wrong', { n: formatCount(wrong) });
  const others = problems.filter(({ line }) => !line || wrong === 0);
  return (
    <Alert severity="error" title={title}>
      {others.map(({ line, problem }) => (
        <p key={`${line} ${problem}`}>
          {line ? `${t('tables.line')} ${line}: ` : ''}
          {problem}
        </p>
      ))}
      {t('tables.wrongHelp')}
    </Alert>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  parts: css({ display: 'flex', flexDirection: 'column', gap: theme.spacing(2) }),
  counts: css({ '&[aria-busy=true]': { color: theme.colors.text.secondary } }),
  note: css({ color: theme.colors.text.secondary, margin: 0 }),
});
