import React from 'react';

import { type SegmentSequence } from '../../query/types.gen';
import { t } from '../../text';
import { Choice } from '../Choice';
import { Stack } from '../Stack';

import { DurationFields, WindowFields } from './WindowFields';

interface Props {
  sequence: SegmentSequence;
  /** What it is called where the steps may be in several sessions. */
  anywhere: string;
  onChange: (part: Partial<SegmentSequence>) => void;
}

/** Where the steps of a sequence are, how long they may take, and which time counts. */
export function SequenceTimes({ sequence: { scope = 'session', within, window }, anywhere, onChange }: Props) {
  return (
    <Stack wrap>
      <Choice
        label={t('builder.scope')}
        width={22}
        options={[
          { value: 'session' as const, label: t('builder.scope.session') },
          { value: 'user' as const, label: anywhere },
        ]}
        value={scope}
        onChange={(next) => onChange({ scope: next === 'session' ? undefined : next })}
      />
      <Choice
        label={t('builder.within')}
        width={26}
        options={(['any', 'limit'] as const).map((value) => ({ value, label: t(`builder.within.${value}`) }))}
        value={within ? 'limit' : 'any'}
        onChange={(time) => onChange({ within: time === 'limit' ? '30m' : undefined, pending: undefined })}
      />
      {within && (
        <DurationFields
          label={t('builder.within.length')}
          duration={within}
          onChange={(next) => onChange({ within: next })}
        />
      )}
      <WindowFields window={window} onChange={(next) => onChange({ window: next })} />
    </Stack>
  );
}
