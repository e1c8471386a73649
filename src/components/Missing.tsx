import { css } from '@emotion/css';
import { type GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';
import React from 'react';

import { t } from '../text';

/** A value that there is not. Where a table is a list of cards, its whole line is left out. */
export function Missing() {
  const styles = useStyles2(getStyles);
  return (
    <span className={styles.missing} data-missing>
      {t('common.missing')}
    </span>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({ missing: css({ color: theme.colors.text.secondary }) });
