import { css } from '@emotion/css';
import { type GrafanaTheme2 } from '@grafana/data';
import { IconButton, useStyles2 } from '@grafana/ui';
import React from 'react';

import { eventOf } from '../../conditions/event';
import { type SegmentSequence, type SegmentStep } from '../../query/types.gen';
import { t } from '../../text';
import { Choice } from '../Choice';
import { SLIM } from '../narrow';
import { Stack } from '../Stack';

import { EventFields } from './EventFields';
import { OftenNext } from './OftenNext';

interface Props {
  sequence: SegmentSequence;
  /** The place of the step. */
  at: number;
  /** How it follows the one before, where that cannot be chosen. */
  lead?: string;
  onChange: (step: SegmentStep) => void;
  onRemove?: () => void;
}

/** A step of a sequence: what happened, and how it follows the step before. */
export function StepFields({ sequence, at, lead, onChange, onRemove }: Props) {
  const styles = useStyles2(getStyles);
  const step = sequence.steps[at];
  const before = sequence.steps[at - 1]?.event;
  const never = step.event === undefined;
  const event = eventOf(step);
  const name = t('builder.step', { n: at + 1 });
  const change = (text: string) => onChange(never ? { not: text } : { event: text });
  return (
    <Stack wrap role="group" aria-label={name}>
      {lead ? (
        <span className={styles.lead}>{lead}</span>
      ) : (
        <Choice
          label={t('builder.then', { label: name })}
          width={16}
          options={(['did', 'never'] as const).map((value) => ({
            ...{ value, label: t(`builder.then.${value}`), description: t(`builder.then.${value}.help`) },
          }))}
          value={never ? 'never' : 'did'}
          onChange={(what) => onChange(what === 'never' ? { not: event } : { event })}
        />
      )}
      <EventFields event={event} label={name} onChange={change}>
        {onRemove && at > 0 && (
          <IconButton name="times" tooltip={t('builder.removeStep', { label: name })} onClick={onRemove} />
        )}
        {before && <OftenNext {...{ before, sequence, label: name, onChoose: change }} />}
      </EventFields>
    </Stack>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  // As wide as the choice that other steps have in its place.
  lead: css({ width: theme.spacing(16), [SLIM]: { width: '100%' } }),
});
