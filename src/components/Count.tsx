import { css, cx } from '@emotion/css';
import { type GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';
import React from 'react';

import { t } from '../text';

import { usersText } from './holders';
import { useLate } from './LoadingLine';
import { formatCount, formatShare } from './numbers';

interface Props {
  /** Undefined until it was counted once. */
  total?: number;
  /** All there are to choose from, and what is said of them: ", without anonymous ones". */
  universe?: number;
  among?: string;
  /** The total is of an earlier question, since the new one is being counted. */
  counting: boolean;
  /** The total is of an earlier question, since the new one has no answer. */
  old?: boolean;
}

/** How many users of how many; an old number turns grey. */
export function Count({ total, universe, among, counting, old }: Props) {
  const styles = useStyles2(getStyles);
  const late = useLate(counting);
  return (
    <span aria-live="polite" aria-busy={counting} className={cx(styles.count, (counting || old) && styles.old)}>
      {total !== undefined && countText(total, universe)}
      {total !== undefined && among && <span className={styles.among}>, {among}</span>}
      {late && <span className={styles.note}> {t('count.counting')}</span>}
      {old && !counting && total !== undefined && <span className={styles.note}> {t('count.before')}</span>}
    </span>
  );
}

export function countText(total: number, universe = total): string {
  if (total !== universe) {
    return t('count.of', {
      total: formatCount(total),
      universe: formatCount(universe),
      share: formatShare(total, universe),
    });
  }
  return usersText(total);
}

const getStyles = (theme: GrafanaTheme2) => ({
  count: css({
    ...{ fontVariantNumeric: 'tabular-nums', fontWeight: theme.typography.fontWeightMedium },
    // It takes no place in its line, but is there for those who are told of it.
    '&:empty': { position: 'absolute' },
  }),
  old: css({ color: theme.colors.text.secondary }),
  among: css({ color: theme.colors.text.secondary, fontWeight: theme.typography.fontWeightRegular }),
  note: css({ fontWeight: theme.typography.fontWeightRegular }),
});
