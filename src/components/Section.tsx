import { css } from '@emotion/css';
import { type GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';
import React, { type ReactNode, useId } from 'react';

import { Stack } from './Stack';

interface Props {
  title: string;
  /** Beside the title. */
  extra?: ReactNode;
  children: ReactNode;
}

/** A part of a view, in a frame of its own. */
export function Section({ title, extra, children }: Props) {
  const styles = useStyles2(getStyles);
  const id = useId();
  return (
    <section className={styles.section} aria-labelledby={id}>
      <Stack spread wrap>
        <h3 id={id} className={styles.title}>
          {title}
        </h3>
        {extra}
      </Stack>
      {children}
    </section>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  section: css({
    ...{ display: 'flex', flexDirection: 'column', gap: theme.spacing(1), minWidth: 0, padding: theme.spacing(1.5, 2) },
    ...{ background: theme.colors.background.primary, border: `1px solid ${theme.colors.border.weak}` },
    borderRadius: theme.shape.radius.default,
  }),
  title: css({ ...theme.typography.h5, margin: 0 }),
});
