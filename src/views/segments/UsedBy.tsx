import { css } from '@emotion/css';
import { type GrafanaTheme2 } from '@grafana/data';
import { ClipboardButton, LinkButton, useStyles2 } from '@grafana/ui';
import React, { useMemo } from 'react';

import { explorePage } from '../../address';
import { callResource } from '../../api/call';
import { useSegments } from '../../api/datasource';
import { useLoaded } from '../../api/useLoaded';
import { Failure } from '../../components/Failure';
import { Section } from '../../components/Section';
import { Stack } from '../../components/Stack';
import { type Segment, type SegmentDefinition, type SegmentSQL } from '../../query/types.gen';
import { t } from '../../text';

import { type Use, usesOf } from './uses';

interface Props {
  datasource: string;
  segment: Segment;
  hrefOf: (id: string) => string;
}

/** What uses a segment, and how else it can be used. */
export function UsedBy({ datasource, segment: { id, definition, usedBy }, hrefOf }: Props) {
  const styles = useStyles2(getStyles);
  const { value: { sql } = {}, error, again } = useSQL(datasource, definition);
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
      {usesOf(id).map((use) => (
        <Copied key={use.title} {...{ datasource, use }} />
      ))}
      {sql && <Copied {...{ datasource }} use={{ title: 'uses.sql', help: 'uses.sqlHelp', text: sql }} />}
      {error && <Failure message={error} onRetry={again} />}
    </Stack>
  );
}

/** A text to be copied, and what it is good for. */
function Copied({ datasource, use: { title, help, text, query } }: { datasource: string; use: Use }) {
  const styles = useStyles2(getStyles);
  return (
    <Section
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
  );
}

/** The SQL that a definition is; frozen lists have none. */
function useSQL(datasource: string, definition: SegmentDefinition | undefined) {
  const load = useMemo(
    () =>
      definition && (() => callResource<SegmentSQL>(datasource, 'segments/sql', { method: 'POST', data: definition })),
    [datasource, definition]
  );
  return useLoaded(load);
}

const getStyles = (theme: GrafanaTheme2) => ({
  list: css({ listStyle: 'none' }),
  link: css({ color: theme.colors.text.link }),
  note: css({ color: theme.colors.text.secondary, margin: 0 }),
  text: css({ margin: 0 }),
});
