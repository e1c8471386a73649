import { Input } from '@grafana/ui';
import React from 'react';

import { type DidRow } from '../../conditions/tree';
import { type SegmentDid } from '../../query/types.gen';
import { t } from '../../text';
import { Choice } from '../Choice';
import { Stack } from '../Stack';

import { useBuilder } from './builder';
import { EventFields } from './EventFields';
import { WindowFields } from './WindowFields';

type Often = 'atLeast' | 'atMost' | 'exactly';
const OFTEN: Often[] = ['atLeast', 'atMost', 'exactly'];

/** What users did, how often, and when. */
export function DidFields({ row }: { row: DidRow }) {
  const { edit } = useBuilder();
  const { did } = row;
  const change = (next: SegmentDid) => edit({ do: 'change', row: { ...row, did: next } });
  return (
    <EventFields event={did.event} label={t('builder.event')} onChange={(event) => change({ ...did, event })}>
      {!did.firstTime && <TimesFields {...{ did, change }} />}
      <WindowFields
        window={did.window}
        needed={did.firstTime}
        onChange={(window) => {
          const { window: _, ...rest } = did;
          change(window ? { ...rest, window } : rest);
        }}
      />
    </EventFields>
  );
}

function TimesFields({ did, change }: { did: SegmentDid; change: (did: SegmentDid) => void }) {
  const often = OFTEN.find((one) => did[one] !== undefined) ?? 'atLeast';
  const n = did[often] ?? 1;
  const say = (kind: Often, times: number) => {
    const { atLeast, atMost, exactly, ...rest } = did;
    // Once at least is what is meant where nothing is said.
    change(kind === 'atLeast' && times <= 1 ? rest : { ...rest, [kind]: times });
  };
  return (
    <Stack>
      <Choice
        label={t('builder.often')}
        width={14}
        options={OFTEN.map((value) => ({ value, label: t(`builder.often.${value}`) }))}
        value={often}
        onChange={(kind) => say(kind, n)}
      />
      <Input
        key={often}
        {...{ 'aria-label': t('builder.times'), type: 'number', width: 10, defaultValue: n }}
        min={often === 'atLeast' ? 1 : 0}
        suffix={t('builder.timesUnit')}
        onChange={({ currentTarget: { value } }) => /^\d{1,9}$/.test(value) && say(often, Number(value))}
      />
    </Stack>
  );
}
