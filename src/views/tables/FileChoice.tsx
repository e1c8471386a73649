import { css } from '@emotion/css';
import { type GrafanaTheme2 } from '@grafana/data';
import { FileDropzone, FileUpload, useStyles2 } from '@grafana/ui';
import React, { useId } from 'react';

import { t } from '../../text';

interface Props {
  /** The name and size of the one that was chosen before. */
  chosen?: string;
  onFile: (file: File) => void;
}

/** Takes a file that is dropped, or chosen by a button. */
export function FileChoice({ chosen, onFile }: Props) {
  const styles = useStyles2(getStyles);
  const id = useId();
  return (
    <FileDropzone
      id={id}
      options={{ multiple: false, noClick: true, noKeyboard: true, onDrop: ([file]) => file && onFile(file) }}
      fileListRenderer={() => null}
    >
      <div className={styles.zone}>
        {chosen && <strong>{chosen}</strong>}
        <label htmlFor={id}>{t(chosen ? 'tables.dropOther' : 'tables.drop')}</label>
        {!chosen && <div className={styles.note}>{t('tables.limit')}</div>}
        <FileUpload
          accept=".csv,.tsv,.txt,text/csv"
          {...(chosen && { size: 'sm', className: styles.other })}
          onFileUpload={(event) => {
            const { files } = event.currentTarget;
            const file = files?.[0];
            if (file) {
              onFile(file);
            }
            // So that the same file, corrected, can be chosen again.
            event.currentTarget.value = '';
          }}
        >
          {chosen ? t('tables.chooseOther') : t('tables.choose')}
        </FileUpload>
      </div>
    </FileDropzone>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  zone: css({
    ...{ display: 'flex', flexDirection: 'column', alignItems: 'center', gap: theme.spacing(1), textAlign: 'center' },
    padding: theme.spacing(1),
  }),
  other: css({
    ...{ background: theme.colors.secondary.main, color: theme.colors.secondary.contrastText },
    '&:hover': { background: theme.colors.secondary.shade, color: theme.colors.secondary.contrastText },
  }),
  note: css({ color: theme.colors.text.secondary, maxWidth: '60ch' }),
});
