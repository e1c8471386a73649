import { css, cx } from '@emotion/css';
import { type GrafanaTheme2 } from '@grafana/data';
import { Button, useStyles2 } from '@grafana/ui';
import React, { useState } from 'react';

import { useResource } from '../../api/useResource';
import { Failure } from '../../components/Failure';
import { LoadingLine } from '../../components/LoadingLine';
import { Stack } from '../../components/Stack';
import { TimeAgo } from '../../components/TimeAgo';
import { type SegmentChange, type SegmentDefinition } from '../../query/types.gen';
import { t } from '../../text';

import { contentOf, diffLines, linesOf, wordsOf } from './diff';
import { segmentPath } from './useSegment';

interface Props {
  datasource: string;
  id: string;
  /** Takes an earlier definition up again, as a change that is not saved yet. */
  onUse: (definition: SegmentDefinition) => void;
}

/** Who changed a segment when, and what that changed. */
export function History({ datasource, id, onUse }: Props) {
  const styles = useStyles2(getStyles);
  const { value: changes, error, again } = useResource<SegmentChange[]>(datasource, `${segmentPath(id)}/history`);
  return (
    <>
      <LoadingLine loading={!changes && !error} />
      {error && <Failure message={error} onRetry={again} />}
      <ol className={styles.list}>
        {changes?.map((change, i) => (
          <Change
            key={`${change.changedAt} ${i}`}
            {...{ change, last: changes[i + 1], onUse: i > 0 ? onUse : undefined }}
          />
        ))}
      </ol>
    </>
  );
}

interface ChangeProps {
  change: SegmentChange;
  /** The one before it. */
  last?: SegmentChange;
  onUse?: (definition: SegmentDefinition) => void;
}

function Change({ change, last, onUse }: ChangeProps) {
  const styles = useStyles2(getStyles);
  const [open, setOpen] = useState(false);
  const { definition } = contentOf(change);
  const who = change.changedBy || t('segments.somebody');
  return (
    <li className={styles.change}>
      <Stack spread wrap>
        <Stack wrap>
          <strong>{t(`segments.change.${change.change}`, { who })}</strong>
          <span className={styles.note}>
            <TimeAgo ms={Date.parse(change.changedAt)} />
            {`, ${t('history.version', { version: change.version })}`}
          </span>
        </Stack>
        <Stack>
          <Button
            {...{ size: 'sm', variant: 'secondary', fill: 'text', 'aria-expanded': open }}
            onClick={() => setOpen(!open)}
          >
            {open ? t('history.hide') : t('history.show')}
          </Button>
          {onUse && definition && (
            <Button size="sm" variant="secondary" onClick={() => onUse(definition)}>
              {t('segments.useVersion')}
            </Button>
          )}
        </Stack>
      </Stack>
      {wordsOf(change, last).map((words) => (
        <p key={words} className={styles.words}>
          {words}
        </p>
      ))}
      {open && (
        <pre className={styles.json} tabIndex={0} aria-label={t('history.json')}>
          {diffLines(linesOf(last), linesOf(change)).map(({ kind, text }, i) => (
            <div key={i} className={cx(styles[kind])}>
              {`${MARKS[kind]} ${text}`}
            </div>
          ))}
        </pre>
      )}
    </li>
  );
}

const MARKS = { same: ' ', gone: '−', new: '+' };

const getStyles = (theme: GrafanaTheme2) => ({
  list: css({ listStyle: 'none' }),
  change: css({ padding: theme.spacing(1, 0), borderBottom: `1px solid ${theme.colors.border.weak}` }),
  note: css({ color: theme.colors.text.secondary }),
  words: css({ margin: 0, color: theme.colors.text.secondary, overflowWrap: 'anywhere' }),
  json: css({ margin: theme.spacing(1, 0, 0), maxHeight: 400 }),
  same: css({ color: theme.colors.text.secondary }),
  gone: css({ background: theme.colors.error.transparent }),
  new: css({ background: theme.colors.success.transparent }),
});
