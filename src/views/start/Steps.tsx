import { css, cx } from '@emotion/css';
import { type GrafanaTheme2 } from '@grafana/data';
import { Button, Icon, LinkButton, useStyles2 } from '@grafana/ui';
import React, { useState } from 'react';

import { datasourceSettings } from '../../address';
import { mayAdminister } from '../../api/roles';
import { Section } from '../../components/Section';
import { Stack } from '../../components/Stack';
import { t } from '../../text';

import { Command } from './Command';
import { migrate, type Store, work } from './commands';
import { isSetUp, type Step } from './steps';

interface Props {
  datasource: string;
  name: string;
  steps: Step[];
  store: Store;
  /** Of what was sent nothing waits, and nothing was refused. */
  allTaken: boolean;
  onTest: () => void;
}

const ICONS = { done: 'check-circle', now: 'arrow-right', later: 'circle' } as const;

/** What is set up and what is to be done: one line once all is. */
export function Steps({ datasource, name, steps, store, allTaken, onTest }: Props) {
  const styles = useStyles2(getStyles);
  const [open, setOpen] = useState(false);
  const isDone = isSetUp(steps);
  const shown = !isDone || open;
  return (
    <Section
      title={t(isDone ? 'start.setUp' : 'start.settingUp', { name })}
      extra={
        <Stack wrap>
          {isDone && (
            <Button variant="secondary" fill="text" size="sm" aria-expanded={open} onClick={() => setOpen(!open)}>
              {t(open ? 'start.hideSteps' : 'start.showSteps')}
            </Button>
          )}
          {mayAdminister() && (
            <LinkButton variant="secondary" fill="text" size="sm" icon="cog" href={datasourceSettings(datasource)}>
              {t('start.settings')}
            </LinkButton>
          )}
          <Button variant="secondary" size="sm" icon="sync" onClick={onTest}>
            {t('start.test')}
          </Button>
        </Stack>
      }
    >
      {isDone && !open && <p className={styles.summary}>{summary(steps, allTaken)}</p>}
      {shown && (
        <ol className={styles.steps}>
          {steps.map((step) => (
            <li key={step.name} className={cx(styles.step, step.state === 'later' && styles.later)}>
              <Icon name={ICONS[step.state]} title={t(`start.state.${step.state}`)} className={styles[step.state]} />
              <div className={styles.what}>
                <span className={styles.name}>{t(`start.${step.name}`)}</span> <span>{step.text}</span>
                {step.state === 'now' && <Doing name={step.name} store={store} />}
              </div>
            </li>
          ))}
        </ol>
      )}
    </Section>
  );
}

/** What is the news of a store where all is done. */
const summary = (steps: Step[], allTaken: boolean) =>
  [
    ...steps
      .filter(({ name }) => name === 'worker' || name === 'events')
      .map(({ name, text }) => `${t(`start.${name}`)} ${text}`),
    ...(allTaken ? [t('start.allTaken')] : []),
  ].join(' ');

/** The command of a step that is done by one. */
function Doing({ name, store }: { name: Step['name']; store: Store }) {
  switch (name) {
    case 'schema':
      return <Command name={t('start.schema')} text={migrate(store)} />;
    case 'worker':
      return <Command name={t('start.worker')} text={work(store)} />;
    default:
      return null;
  }
}

const getStyles = (theme: GrafanaTheme2) => ({
  summary: css({ color: theme.colors.text.secondary, margin: 0 }),
  steps: css({ display: 'flex', flexDirection: 'column', gap: theme.spacing(1), listStyle: 'none' }),
  step: css({ display: 'flex', gap: theme.spacing(1), minWidth: 0 }),
  what: css({ flex: 1, minWidth: 0, overflowWrap: 'anywhere' }),
  name: css({ fontWeight: theme.typography.fontWeightMedium }),
  done: css({ flexShrink: 0, marginTop: 2, color: theme.colors.success.text }),
  now: css({ flexShrink: 0, marginTop: 2, color: theme.colors.primary.text }),
  later: css({ flexShrink: 0, color: theme.colors.text.secondary }),
});
