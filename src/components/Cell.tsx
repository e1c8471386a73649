import { css, cx } from '@emotion/css';
import {
  type Field,
  FieldType,
  formattedValueToString,
  getDisplayProcessor,
  type GrafanaTheme2,
  type ValueMapping,
} from '@grafana/data';
import { Icon, useStyles2, useTheme2 } from '@grafana/ui';
import React, { useMemo } from 'react';

import { iconOf, markOf } from './icons';
import { Missing } from './Missing';
import { formatCount } from './numbers';
import { TimeAgo } from './TimeAgo';

/**
 * One value of a frame as people read it: time since, names of countries, devices with an icon, thousands, what went wrong
 * in a badge, and a dash where there is none.
 */
export function Cell({ field, row }: { field: Field; row: number }) {
  const theme = useTheme2();
  const styles = useStyles2(getStyles);
  const display = useMemo(() => getDisplayProcessor({ field, theme }), [field, theme]);
  const value = field.values[row];
  if (value === null || value === undefined || value === '') {
    return <Missing />;
  }
  if (field.type === FieldType.time) {
    return <TimeAgo ms={Number(value)} />;
  }
  if (field.type === FieldType.number) {
    const mark = markOf(field.name);
    if (mark && value > 0) {
      return (
        <span className={cx(styles.badge, styles[mark])}>
          <Icon name={mark === 'errors' ? 'bug' : 'exclamation-triangle'} size="sm" />
          {formatCount(value)}
        </span>
      );
    }
    return <>{field.config.unit ? formattedValueToString(display(value)) : formatCount(value)}</>;
  }
  const text = formattedValueToString(display(value));
  const icon = iconOf(field.name, String(value));
  if (icon) {
    return (
      <span className={styles.word}>
        <Icon name={icon} className={styles.icon} />
        {String(value)}
      </span>
    );
  }
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
  word: css({ display: 'inline-flex', alignItems: 'center', gap: theme.spacing(0.75), verticalAlign: 'middle' }),
  icon: css({ color: theme.colors.text.secondary }),
  badge: css({
    ...{ display: 'inline-flex', alignItems: 'center', gap: theme.spacing(0.5), padding: theme.spacing(0, 0.75) },
    ...{ borderRadius: theme.shape.radius.default, border: `1px solid ${theme.colors.border.medium}` },
    verticalAlign: 'middle',
  }),
  frustrations: css({ background: theme.colors.background.secondary }),
  errors: css({ color: theme.colors.error.text, borderColor: theme.colors.error.border }),
  code: css({
    ...{ fontSize: theme.typography.bodySmall.fontSize, color: theme.colors.text.secondary, textDecoration: 'none' },
    ...{ border: `1px solid ${theme.colors.border.weak}`, borderRadius: theme.shape.radius.default },
    padding: theme.spacing(0, 0.5),
  }),
});
