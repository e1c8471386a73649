import { css } from '@emotion/css';
import { type GrafanaTheme2 } from '@grafana/data';
import { Switch, Tooltip, useStyles2 } from '@grafana/ui';
import React, { useId } from 'react';

import { Stack } from '../../components/Stack';
import { t } from '../../text';

interface Props {
  value: boolean;
  onChange: (value: boolean) => void;
}

/** Whether visitors without a name are listed and counted. */
export function AnonymousSwitch({ value, onChange }: Props) {
  const styles = useStyles2(getStyles);
  const id = useId();
  return (
    <Stack small>
      <Switch id={id} value={value} onChange={({ currentTarget }) => onChange(currentTarget.checked)} />
      <Tooltip content={t('count.anonymousTip')}>
        <label htmlFor={id} className={styles.label}>
          {t('count.anonymous')}
        </label>
      </Tooltip>
    </Stack>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  label: css({ color: theme.colors.text.secondary, fontSize: theme.typography.bodySmall.fontSize, margin: 0 }),
});
