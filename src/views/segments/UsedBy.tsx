import { css } from '@emotion/css';
import { type GrafanaTheme2 } from '@grafana/data';
import { ClipboardButton, LinkButton, useStyles2 } from '@grafana/ui';
import React from 'react';

import { explorePage } from '../../address';
import { useSegments } from '../../api/datasource';
import { Section } from '../../components/Section';
import { Stack } from '../../components/Stack';
import { type Segment } from '../../query/types.gen';
import { t } from '../../text';

import { usesOf } from './uses';

interface Props {
  datasource: string;
  segment: Segment;
  hrefOf: (id: string) => string;
}

/** What uses a segment, and how else it can be used. */
export function UsedBy({ datasource, segment: { id, usedBy }, hrefOf }: Props) {
  const styles = useStyles2(getStyles);
  const users = useSegments(datasource, usedBy);
  return (
    <Stack direction="column">
      <Section title={t('uses.segments')}>
        {usedBy.length === 0 ? (
          <p className={styles.note}>{t('uses.none')}</p>
        ) : (
          <ul className={styles.list}>
            {usedBy.map((other) => (
              <li key={other}>
                <a href={hrefOf(other)} className={styles.link}>
                  {users.find(({ id }) => id === other)?.name ?? other}
                </a>
              </li>
            ))}
          </ul>
        )}
      </Section>
      {usesOf(id).map(({ title, help, text, query }) => (
        <Section
          key={title}
          title={t(title)}
          extra={
            <Stack>
              {query && (
                <LinkButton
                  {...{ variant: 'secondary', fill: 'text', size: 'sm', icon: 'compass' }}
                  href={explorePage(datasource, query)}
                >
                  {t('users.explore')}
                </LinkButton>
              )}
              <ClipboardButton variant="secondary" size="sm" icon="copy" getText={() => text}>
                {t('uses.copy')}
              </ClipboardButton>
            </Stack>
          }
        >
          <p className={styles.note}>{t(help)}</p>
          <pre className={styles.text} tabIndex={0} aria-label={t(title)}>
            {text}
          </pre>
        </Section>
      ))}
    </Stack>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  list: css({ listStyle: 'none' }),
  link: css({ color: theme.colors.text.link }),
  note: css({ color: theme.colors.text.secondary, margin: 0 }),
  text: css({ margin: 0 }),
});
