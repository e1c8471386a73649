import { css } from '@emotion/css';
import { type GrafanaTheme2 } from '@grafana/data';
import { ClipboardButton, useStyles2 } from '@grafana/ui';
import React from 'react';

import { t } from '../../text';

/** Something to type, to be copied. */
export function Command({ name, text }: { name: string; text: string }) {
  const styles = useStyles2(getStyles);
  return (
    <div className={styles.command}>
      <pre className={styles.text} tabIndex={0} aria-label={name}>
        {text}
      </pre>
      <ClipboardButton
        {...{ variant: 'secondary', size: 'sm', icon: 'copy', getText: () => text }}
        aria-label={t('common.copy', { what: name })}
      >
        {t('uses.copy')}
      </ClipboardButton>
    </div>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  command: css({ display: 'flex', alignItems: 'flex-start', gap: theme.spacing(1), marginTop: theme.spacing(0.5) }),
  text: css({ flex: 1, minWidth: 0, margin: 0, overflowX: 'auto' }),
});
