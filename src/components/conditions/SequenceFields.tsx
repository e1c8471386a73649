import { css } from '@emotion/css';
import { type GrafanaTheme2 } from '@grafana/data';
import { Button, Checkbox, IconButton, useStyles2 } from '@grafana/ui';
import React from 'react';

import { eventOf, type SequenceRow } from '../../conditions/tree';
import { type SegmentSequence, type SegmentStep } from '../../query/types.gen';
import { t } from '../../text';
import { Choice } from '../Choice';
import { Stack } from '../Stack';

import { useBuilder } from './builder';
import { EventFields } from './EventFields';
import { OftenNext } from './OftenNext';
import { DurationFields, WindowFields } from './WindowFields';

/** The backend takes no more. */
const MOST_STEPS = 20;

/** What happened one after the other. */
export function SequenceFields({ row }: { row: SequenceRow }) {
  const { edit } = useBuilder();
  const { sequence } = row;
  const { steps, scope = 'session', within, pending } = sequence;
  const change = (part: Partial<SegmentSequence>) =>
    edit({ do: 'change', row: { ...row, sequence: withoutNothing({ ...sequence, ...part }) } });
  const setStep = (at: number, step: SegmentStep) => change({ steps: steps.map((one, i) => (i === at ? step : one)) });
  return (
    <Stack direction="column">
      {steps.map((step, i) => (
        // Steps have no name but their place.
        <Step
          key={`${i} of ${steps.length}`}
          {...{ step, at: i, before: steps[i - 1]?.event, sequence }}
          onChange={(next) => setStep(i, next)}
          onRemove={steps.length > 2 ? () => change({ steps: steps.filter((_, at) => at !== i) }) : undefined}
        />
      ))}
      <Stack wrap>
        <Button
          {...{ variant: 'secondary', size: 'sm', icon: 'plus', disabled: steps.length >= MOST_STEPS }}
          onClick={() => change({ steps: [...steps, { event: '' }] })}
        >
          {t('builder.addStep')}
        </Button>
      </Stack>
      <Stack wrap>
        <Choice
          label={t('builder.scope')}
          width={22}
          options={(['session', 'user'] as const).map((value) => ({ value, label: t(`builder.scope.${value}`) }))}
          value={scope}
          onChange={(next) => change({ scope: next === 'session' ? undefined : next })}
        />
        <Choice
          label={t('builder.within')}
          width={26}
          options={(['any', 'limit'] as const).map((value) => ({ value, label: t(`builder.within.${value}`) }))}
          value={within ? 'limit' : 'any'}
          onChange={(time) => change({ within: time === 'limit' ? '30m' : undefined, pending: undefined })}
        />
        {within && (
          <DurationFields
            label={t('builder.within.length')}
            duration={within}
            onChange={(next) => change({ within: next })}
          />
        )}
        <WindowFields window={sequence.window} onChange={(window) => change({ window })} />
      </Stack>
      {within && steps.at(-1)?.not !== undefined && (
        <Stack>
          <Checkbox
            label={t('builder.pending')}
            value={pending === 'include'}
            onChange={({ currentTarget: { checked } }) => change({ pending: checked ? 'include' : undefined })}
          />
        </Stack>
      )}
    </Stack>
  );
}

/** What is undefined is not in the definition. */
const withoutNothing = (sequence: SegmentSequence) =>
  Object.fromEntries(Object.entries(sequence).filter(([, value]) => value !== undefined)) as unknown as SegmentSequence;

interface StepProps {
  step: SegmentStep;
  at: number;
  /** The event of the step before, if there is one. */
  before?: string;
  sequence: SegmentSequence;
  onChange: (step: SegmentStep) => void;
  onRemove?: () => void;
}

function Step({ step, at, before, sequence, onChange, onRemove }: StepProps) {
  const styles = useStyles2(getStyles);
  const never = step.event === undefined;
  const event = eventOf(step);
  const name = t('builder.step', { n: at + 1 });
  const change = (text: string) => onChange(never ? { not: text } : { event: text });
  return (
    <Stack wrap role="group" aria-label={name}>
      {at === 0 ? (
        <span className={styles.first}>{t('builder.first')}</span>
      ) : (
        <Choice
          label={t('builder.then', { label: name })}
          width={16}
          options={(['did', 'never'] as const).map((value) => ({ value, label: t(`builder.then.${value}`) }))}
          value={never ? 'never' : 'did'}
          onChange={(what) => onChange(what === 'never' ? { not: event } : { event })}
        />
      )}
      <EventFields event={event} label={name} onChange={change} />
      {before && <OftenNext {...{ before, sequence, label: name, onChoose: change }} />}
      {onRemove && at > 0 && (
        <IconButton name="times" tooltip={t('builder.removeStep', { label: name })} onClick={onRemove} />
      )}
    </Stack>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  // As wide as the choice that the other steps have in its place.
  first: css({ width: theme.spacing(16) }),
});
