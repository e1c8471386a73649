import { css, cx } from '@emotion/css';
import { type GrafanaTheme2 } from '@grafana/data';
import { ClipboardButton, useStyles2, useTheme2 } from '@grafana/ui';
import React from 'react';

import { hueOf } from './hues';

interface Props {
  id: string;
  name?: string;
  email?: string;
  href: string;
}

/** A user in one cell: initials, name, and below it the e-mail or id, which can be copied. */
export function UserCell({ id, name, email, href }: Props) {
  const styles = useStyles2(getStyles);
  const below = email || (name ? id : '');
  return (
    <div className={styles.cell}>
      <Initials id={id} text={name || email || id} />
      <div className={styles.texts}>
        <a href={href} className={styles.name}>
          {name || email || id}
        </a>
        {below && below !== (name || email || id) && (
          <span className={styles.below} title={below}>
            {below}
          </span>
        )}
      </div>
      <ClipboardButton
        {...{ className: 'copy', variant: 'secondary', fill: 'text', size: 'sm', icon: 'copy' }}
        aria-label={`Copy ${below || id}`}
        getText={() => below || id}
      />
    </div>
  );
}

interface InitialsProps {
  id: string;
  text: string;
  large?: boolean;
}

/** One or two letters for a user, in a colour that goes with the id. */
export function Initials({ id, text, large }: InitialsProps) {
  const theme = useTheme2();
  const styles = useStyles2(getStyles);
  return (
    <span aria-hidden className={cx(styles.initials, large && styles.large)} style={{ borderColor: hueOf(id, theme) }}>
      {initialsOf(text)}
    </span>
  );
}

/** At most two letters: of the first and last word, as far as there are any. */
export function initialsOf(text: string): string {
  const words: string[] = text.split('@')[0].match(/[\p{L}\p{N}]+/gu) ?? [];
  const letters = words.length > 1 ? [words[0], words[words.length - 1]] : words;
  return letters.map((word) => [...word][0].toLocaleUpperCase()).join('') || '?';
}

const getStyles = (theme: GrafanaTheme2) => ({
  cell: css({
    ...{ display: 'flex', alignItems: 'center', gap: theme.spacing(1), minWidth: 0, position: 'relative' },
    '.copy': { position: 'absolute', right: 0, opacity: 0, background: theme.colors.background.secondary },
    '&:hover .copy, .copy:focus-visible': { opacity: 1 },
  }),
  initials: css({
    ...{ flex: '0 0 auto', width: theme.spacing(4), height: theme.spacing(4), borderRadius: theme.shape.radius.circle },
    ...{ display: 'grid', placeItems: 'center', border: '2px solid' },
    ...{ fontSize: theme.typography.bodySmall.fontSize, color: theme.colors.text.primary },
  }),
  large: css({ width: theme.spacing(7), height: theme.spacing(7), fontSize: theme.typography.h4.fontSize }),
  texts: css({ display: 'flex', flexDirection: 'column', minWidth: 0, lineHeight: 1.3 }),
  name: css({
    ...{ overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap', color: theme.colors.text.primary },
    '&:hover': { textDecoration: 'underline' },
  }),
  below: css({
    ...{ overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap' },
    ...{ color: theme.colors.text.secondary, fontSize: theme.typography.bodySmall.fontSize },
  }),
});
