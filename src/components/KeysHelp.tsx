import { css } from '@emotion/css';
import { type GrafanaTheme2 } from '@grafana/data';
import { Modal, useStyles2 } from '@grafana/ui';
import React from 'react';

import { t, type TextKey } from '../text';

const KEYS: Array<[string[], TextKey]> = [
  [['/'], 'keys.search'],
  [['Enter'], 'keys.enter'],
  [['↑', '↓'], 'keys.arrows'],
  [['Home', 'End'], 'keys.ends'],
  [['Esc'], 'keys.escape'],
  [['?'], 'keys.help'],
];

/** The keys that a list of users knows. */
export function KeysHelp({ onClose }: { onClose: () => void }) {
  const styles = useStyles2(getStyles);
  return (
    <Modal title={t('keys.title')} isOpen onDismiss={onClose}>
      <dl className={styles.list}>
        {KEYS.map(([keys, text]) => (
          <div key={text} className={styles.row}>
            <dt className={styles.keys}>
              {keys.map((key) => (
                <kbd key={key} className={styles.key}>
                  {key}
                </kbd>
              ))}
            </dt>
            <dd className={styles.text}>{t(text)}</dd>
          </div>
        ))}
      </dl>
    </Modal>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  list: css({ margin: 0 }),
  row: css({ display: 'flex', gap: theme.spacing(2), padding: theme.spacing(0.75, 0) }),
  keys: css({
    ...{ flex: '0 0 112px', display: 'flex', alignItems: 'flex-start', gap: theme.spacing(0.5) },
    fontWeight: theme.typography.fontWeightRegular,
  }),
  key: css({ padding: theme.spacing(0.25, 0.75), minWidth: theme.spacing(3), textAlign: 'center' }),
  text: css({ margin: 0 }),
});
