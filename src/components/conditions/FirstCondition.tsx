import { css } from '@emotion/css';
import { type GrafanaTheme2 } from '@grafana/data';
import { Button, useStyles2 } from '@grafana/ui';
import React from 'react';

import { type SegmentCondition } from '../../query/types.gen';
import { t } from '../../text';

import { ADDED } from './AddCondition';

/** What can be said of users, each told by an example, where nothing is said of them yet. */
export function FirstCondition({ onAdd }: { onAdd: (condition: SegmentCondition) => void }) {
  const styles = useStyles2(getStyles);
  return (
    <div className={styles.groups}>
      {ADDED.map(({ text, kinds }) => (
        <section key={text} className={styles.group} aria-label={t(text)}>
          <h4 className={styles.head}>{t(text)}</h4>
          {kinds.map(({ text, condition }) => {
            const [name, example] = t(text).split(': ');
            return (
              <Button
                key={text}
                {...{ variant: 'secondary', fill: 'outline', className: styles.kind, onClick: () => onAdd(condition) }}
              >
                {name}
                {example && <span className={styles.example}>{example}</span>}
              </Button>
            );
          })}
        </section>
      ))}
    </div>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  groups: css({
    ...{ display: 'grid', gridTemplateColumns: 'repeat(auto-fit, minmax(260px, 1fr))', gap: theme.spacing(2) },
    marginTop: theme.spacing(1),
  }),
  group: css({ display: 'flex', flexDirection: 'column', gap: theme.spacing(1), minWidth: 0 }),
  head: css({ ...theme.typography.body, color: theme.colors.text.secondary, margin: 0 }),
  // As high as its two lines.
  kind: css({
    ...{ height: 'auto', minHeight: theme.spacing(theme.components.height.md), justifyContent: 'flex-start' },
    ...{ padding: theme.spacing(1, 1.5), textAlign: 'left', lineHeight: theme.typography.body.lineHeight },
    '& > span': { display: 'block', whiteSpace: 'normal' },
  }),
  example: css({
    display: 'block',
    color: theme.colors.text.secondary,
    fontWeight: theme.typography.fontWeightRegular,
  }),
});
