import { css, cx } from '@emotion/css';
import { type GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';
import React from 'react';

import { t } from '../../text';
import { usersText } from '../holders';

import { useBuilder } from './builder';

/** How many users a condition or group leaves, where that was counted; grey while it is counted anew. */
export function NodeCount({ id }: { id: string }) {
  const styles = useStyles2(getStyles);
  const { counts, alone, counting } = useBuilder();
  const count = counts.get(id);
  return count === undefined ? null : (
    <span
      data-count
      className={cx(styles.count, counting && styles.old)}
      title={t(alone ? 'builder.alone' : 'builder.left')}
    >
      {alone
        ? usersText(count)
        : t(count === 1 ? 'builder.userLeft' : 'builder.usersLeft', { users: usersText(count) })}
    </span>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  count: css({ fontVariantNumeric: 'tabular-nums', whiteSpace: 'nowrap' }),
  old: css({ color: theme.colors.text.secondary }),
});
