import { css, cx } from '@emotion/css';
import { type GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';
import React, { type HTMLAttributes } from 'react';

interface Props extends HTMLAttributes<HTMLDivElement> {
  direction?: 'row' | 'column';
  /** Parts that are pushed apart. */
  spread?: boolean;
  /** May go on in the next line. */
  wrap?: boolean;
  small?: boolean;
}

/** Things in a row or column, with the usual gap: Grafana's own is not there before 10.4. */
export function Stack({ direction = 'row', spread, wrap, small, className, ...rest }: Props) {
  const styles = useStyles2(getStyles);
  return (
    <div
      className={cx(styles[direction], wrap && styles.wrap, spread && styles.spread, small && styles.small, className)}
      {...rest}
    />
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  row: css({ display: 'flex', alignItems: 'center', gap: theme.spacing(1), minWidth: 0 }),
  column: css({ display: 'flex', flexDirection: 'column', gap: theme.spacing(1), minWidth: 0 }),
  wrap: css({ flexWrap: 'wrap' }),
  spread: css({ justifyContent: 'space-between' }),
  small: css({ gap: theme.spacing(0.5) }),
});
