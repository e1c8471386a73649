import { css } from '@emotion/css';
import { type GrafanaTheme2 } from '@grafana/data';
import { Icon, type IconName, useStyles2 } from '@grafana/ui';
import React, { type ReactNode } from 'react';

interface Props {
  icon?: IconName;
  title: string;
  /** What to do about it. */
  help?: ReactNode;
  /** One button. */
  children?: ReactNode;
}

/** Says why nothing is shown and what to do. */
export function EmptyState({ icon = 'search', title, help, children }: Props) {
  const styles = useStyles2(getStyles);
  return (
    <div className={styles.state} role="status">
      <Icon name={icon} size="xxxl" className={styles.icon} />
      <h2 className={styles.title}>{title}</h2>
      {help && <p className={styles.help}>{help}</p>}
      {children}
    </div>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  state: css({
    ...{ display: 'flex', flexDirection: 'column', alignItems: 'center', textAlign: 'center' },
    padding: theme.spacing(8, 2),
  }),
  icon: css({ color: theme.colors.text.secondary }),
  title: css({ ...theme.typography.h4, margin: theme.spacing(1, 0) }),
  help: css({ color: theme.colors.text.secondary, maxWidth: '60ch' }),
});
