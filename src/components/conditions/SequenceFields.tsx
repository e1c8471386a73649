import { Button, Checkbox } from '@grafana/ui';
import React from 'react';

import { type SequenceRow, type ThroughRow } from '../../conditions/tree';
import { type SegmentSequence, type SegmentStep } from '../../query/types.gen';
import { t } from '../../text';
import { Stack } from '../Stack';

import { useBuilder } from './builder';
import { SequenceTimes } from './SequenceTimes';
import { StepFields } from './StepFields';

/** The backend takes no more. */
const MOST_STEPS = 20;

/** What happened one after the other. */
export function SequenceFields({ row }: { row: SequenceRow }) {
  const { sequence, change, setStep } = useSequence(row);
  const { steps, within, pending } = sequence;
  return (
    <Stack direction="column">
      {steps.map((_, at) => (
        // Steps have no name but their place.
        <StepFields
          key={`${at} of ${steps.length}`}
          {...{ sequence, at, lead: at === 0 ? t('builder.first') : undefined }}
          onChange={(next) => setStep(at, next)}
          onRemove={steps.length > 2 ? () => change({ steps: steps.filter((_, i) => i !== at) }) : undefined}
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
      <SequenceTimes {...{ sequence, anywhere: t('builder.scope.user'), onChange: change }} />
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

/** What was begun, and what never came after it. */
export function ThroughFields({ row }: { row: ThroughRow }) {
  const { sequence, change, setStep } = useSequence(row);
  return (
    <Stack direction="column">
      {[t('builder.began'), t('builder.neverAfter')].map((lead, at) => (
        <StepFields key={lead} {...{ sequence, at, lead }} onChange={(next) => setStep(at, next)} />
      ))}
      <SequenceTimes {...{ sequence, anywhere: t('builder.scope.any'), onChange: change }} />
    </Stack>
  );
}

function useSequence(row: SequenceRow | ThroughRow) {
  const { edit } = useBuilder();
  const { sequence } = row;
  const change = (part: Partial<SegmentSequence>) =>
    edit({ do: 'change', row: { ...row, sequence: withoutNothing({ ...sequence, ...part }) } });
  const setStep = (at: number, step: SegmentStep) =>
    change({ steps: sequence.steps.map((one, i) => (i === at ? step : one)) });
  return { sequence, change, setStep };
}

/** What is undefined is not in the definition. */
const withoutNothing = (sequence: SegmentSequence) =>
  Object.fromEntries(Object.entries(sequence).filter(([, value]) => value !== undefined)) as unknown as SegmentSequence;
