import { css, cx } from '@emotion/css';
import { type GrafanaTheme2 } from '@grafana/data';
import { Tooltip, useStyles2 } from '@grafana/ui';
import React, { type ReactNode } from 'react';

import { NARROW } from './narrow';

/** What a value means, in few words, and in more of them on hover and focus. */
interface Note {
  text: string;
  hint: string;
}

interface Props {
  facts: Array<{ name: string; value: ReactNode; note?: Note }>;
  /** Numbers, which are read first. */
  large?: boolean;
}

/** What is known of something, each under its name, side by side. */
export function Facts({ facts, large }: Props) {
  const styles = useStyles2(getStyles);
  return (
    <dl className={cx(styles.facts, large && styles.numbers)}>
      {facts.map(({ name, value, note }) => (
        <div key={name}>
          <dt className={styles.name}>{name}</dt>
          <dd className={cx(styles.value, large && styles.large)}>{value}</dd>
          {note && (
            <dd className={styles.value}>
              <Tooltip content={note.hint}>
                <button type="button" className={styles.note}>
                  {note.text}
                </button>
              </Tooltip>
            </dd>
          )}
        </div>
      ))}
    </dl>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  facts: css({
    ...{ display: 'flex', flexWrap: 'wrap', gap: theme.spacing(1, 4), margin: 0 },
    [NARROW]: {
      ...{ display: 'grid', gridTemplateColumns: 'repeat(auto-fill, minmax(140px, 1fr))', columnGap: theme.spacing(2) },
    },
  }),
  numbers: css({ [NARROW]: { gridTemplateColumns: 'repeat(auto-fill, minmax(96px, 1fr))', alignItems: 'end' } }),
  name: css({
    ...{ color: theme.colors.text.secondary, fontSize: theme.typography.bodySmall.fontSize },
    fontWeight: theme.typography.fontWeightRegular,
  }),
  value: css({ margin: 0, overflowWrap: 'anywhere' }),
  note: css({
    ...{ background: 'none', border: 0, padding: 0, textAlign: 'left', color: theme.colors.text.secondary },
    fontSize: theme.typography.bodySmall.fontSize,
  }),
  large: css({ ...theme.typography.h3, margin: 0, fontVariantNumeric: 'tabular-nums' }),
});
