import { css } from '@emotion/css';
import {
  type Field,
  FieldType,
  formattedValueToString,
  getDisplayProcessor,
  type GrafanaTheme2,
  type ValueMapping,
} from '@grafana/data';
import { useStyles2, useTheme2 } from '@grafana/ui';
import React, { useMemo } from 'react';

import { t } from '../text';

import { formatCount } from './numbers';
import { TimeAgo } from './TimeAgo';

/** One value of a frame as people read it: time since, names of countries, thousands, and a dash where there is none. */
export function Cell({ field, row }: { field: Field; row: number }) {
  const theme = useTheme2();
  const styles = useStyles2(getStyles);
  const display = useMemo(() => getDisplayProcessor({ field, theme }), [field, theme]);
  const value = field.values[row];
  if (value === null || value === undefined || value === '') {
    return <span className={styles.missing}>{t('common.missing')}</span>;
  }
  if (field.type === FieldType.time) {
    return <TimeAgo ms={Number(value)} />;
  }
  if (field.type === FieldType.number) {
    return <>{field.config.unit ? formattedValueToString(display(value)) : formatCount(value)}</>;
  }
  const text = formattedValueToString(display(value));
  return hasNames(field.config.mappings) && text !== value ? (
    <>
      {text} <abbr className={styles.code}>{value}</abbr>
    </>
  ) : (
    <>{String(value)}</>
  );
}

const hasNames = (mappings?: ValueMapping[]) => Boolean(mappings?.length);

const getStyles = (theme: GrafanaTheme2) => ({
  missing: css({ color: theme.colors.text.disabled }),
  code: css({
    ...{ fontSize: theme.typography.bodySmall.fontSize, color: theme.colors.text.secondary, textDecoration: 'none' },
    ...{ border: `1px solid ${theme.colors.border.weak}`, borderRadius: theme.shape.radius.default },
    padding: theme.spacing(0, 0.5),
  }),
});
