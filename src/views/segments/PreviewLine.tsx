import { css } from '@emotion/css';
import { type GrafanaTheme2 } from '@grafana/data';
import { Alert, useStyles2 } from '@grafana/ui';
import React from 'react';

import { type Previewed } from '../../api/usePreview';
import { Count } from '../../components/Count';
import { Failure } from '../../components/Failure';
import { LoadingLine } from '../../components/LoadingLine';
import { Stack } from '../../components/Stack';
import { UserCell } from '../../components/UserCell';
import { t } from '../../text';

/** What takes less needs no telling, in milliseconds. */
const QUICK = 100;

interface Props {
  previewed: Previewed;
  /** No condition says anything yet. */
  nothing: boolean;
  /** Users without a name are counted, too. */
  anonymous?: boolean;
  /** Conditions that are left out. */
  unfinished: number;
  hrefOf: (user: string) => string;
  /** What is wrong is shown at its place. */
  told: boolean;
}

/** What the conditions yield: the sentence, how many users, and some of them. */
export function PreviewLine({ previewed, nothing, anonymous, unfinished, told, hrefOf }: Props) {
  const styles = useStyles2(getStyles);
  const { preview, refusal, counting, again } = previewed;
  const left = unfinished > 0 && (
    <p className={styles.note}>
      {unfinished === 1 ? t('builder.incompleteOne') : t('builder.incomplete', { n: unfinished })}
    </p>
  );
  if (nothing) {
    return <p className={styles.note}>{t(unfinished > 0 ? 'builder.nothingFinished' : 'builder.nothing')}</p>;
  }
  return (
    <section className={styles.preview} aria-label={t('segments.preview')}>
      <div className={styles.line}>
        <LoadingLine loading={counting} />
      </div>
      {refusal && !told && !counting && <Failure message={refusal.message} onRetry={again} />}
      {preview && (
        <>
          <p className={styles.sentence}>{preview.sentence}</p>
          <Stack wrap>
            <strong>
              <Count
                {...{ total: preview.size, universe: preview.universe, counting }}
                among={t(anonymous ? 'count.with' : 'count.without')}
              />
            </strong>
            {preview.tookMs >= QUICK && (
              <span className={styles.note}>{t('segments.took', { seconds: (preview.tookMs / 1000).toFixed(1) })}</span>
            )}
          </Stack>
          {preview.notices.map((notice) => (
            <Alert key={notice} severity="warning" title={notice} />
          ))}
          {preview.sample.length > 0 && (
            <div className={styles.sample}>
              <span className={styles.note}>{t('segments.sample')}</span>
              {preview.sample.slice(0, 5).map(({ userId, name, email }) => (
                <UserCell key={userId} id={userId} name={name ?? ''} email={email ?? ''} href={hrefOf(userId)} />
              ))}
            </div>
          )}
        </>
      )}
      {left}
    </section>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  preview: css({
    ...{ display: 'flex', flexDirection: 'column', gap: theme.spacing(1), p: { margin: 0 } },
    ...{ padding: theme.spacing(2), borderRadius: theme.shape.radius.default },
    ...{ position: 'relative', background: theme.colors.background.secondary },
  }),
  // At the upper edge, whatever stands below it.
  line: css({ position: 'absolute', top: 0, left: 0, right: 0 }),
  sample: css({
    ...{ display: 'grid', gap: theme.spacing(1, 2), gridTemplateColumns: 'repeat(auto-fill, minmax(220px, 1fr))' },
    '& > :first-child': { gridColumn: '1 / -1' },
  }),
  sentence: css({ '&::first-letter': { textTransform: 'uppercase' } }),
  note: css({ color: theme.colors.text.secondary, margin: 0 }),
});
