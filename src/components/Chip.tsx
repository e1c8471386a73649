import { css, cx } from '@emotion/css';
import { type GrafanaTheme2 } from '@grafana/data';
import { IconButton, Tooltip, useStyles2 } from '@grafana/ui';
import React from 'react';

import { t } from '../text';

interface Props {
  text: string;
  /** What it stands for, in full. */
  hint?: string;
  /** What it is called where the text is long. */
  name?: string;
  /** Without it, it stays. */
  onRemove?: () => void;
  /** It is why there is no answer. */
  wrong?: boolean;
  /** Makes the text a button. */
  onEdit?: () => void;
}

/** Something that narrows, and can mostly be taken away. */
export function Chip({ text, hint, name = text, onRemove, onEdit, wrong }: Props) {
  const styles = useStyles2(getStyles);
  return (
    <li className={cx(styles.chip, wrong && styles.wrong)}>
      {onEdit ? (
        <button type="button" className={styles.text} title={hint ?? t('audience.edit')} onClick={onEdit}>
          {text}
        </button>
      ) : hint ? (
        <Tooltip content={hint}>
          <button type="button" className={styles.text}>
            {text}
          </button>
        </Tooltip>
      ) : (
        <span className={styles.text}>{text}</span>
      )}
      {onRemove && (
        <IconButton name="times" size="sm" tooltip={t('audience.remove', { what: name })} onClick={onRemove} />
      )}
    </li>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  chip: css({
    ...{ display: 'inline-flex', alignItems: 'center', gap: theme.spacing(0.5), maxWidth: '100%' },
    ...{ padding: theme.spacing(0.25, 1), borderRadius: theme.shape.radius.pill, listStyle: 'none' },
    ...{ background: theme.colors.background.secondary, border: `1px solid ${theme.colors.border.weak}` },
  }),
  wrong: css({ borderColor: theme.colors.error.border }),
  text: css({
    ...{ background: 'none', border: 0, padding: 0, color: theme.colors.text.primary, textAlign: 'left' },
    ...{ overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap' },
  }),
});
