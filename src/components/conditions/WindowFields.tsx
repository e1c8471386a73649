import { Input } from '@grafana/ui';
import React, { useState } from 'react';

import { parseDuration, spellDuration, type Unit, UNITS } from '../../conditions/durations';
import { type SegmentWindow } from '../../query/types.gen';
import { t } from '../../text';
import { Choice } from '../Choice';
import { Stack } from '../Stack';

import { useBuilder } from './builder';

/** Lengths that people mean most often: today, this week, this month, this quarter. */
const USUAL = ['24h', '7d', '30d', '90d'];

/** A usual length, or what is said in more detail. */
type Kind = 'any' | 'last' | 'between' | (string & {});

interface Props {
  window?: SegmentWindow;
  /** All time cannot be chosen. */
  needed?: boolean;
  onChange: (window?: SegmentWindow) => void;
}

/** Which time counts. */
export function WindowFields({ window, needed, onChange }: Props) {
  const { zone } = useBuilder();
  // Somebody wants to say the length, though it may be a usual one as yet.
  const [isOwn, setOwn] = useState(false);
  const last = window?.last;
  const isUsual = last !== undefined && USUAL.includes(last) && !isOwn;
  const kind: Kind = !window ? 'any' : last === undefined ? 'between' : isUsual ? last : 'last';
  const choose = (next: Kind) => {
    setOwn(next === 'last');
    onChange(windowFor(next, last));
  };
  return (
    <Stack wrap={kind === 'between'}>
      <Choice<Kind>
        label={t('builder.window')}
        width={22}
        options={[
          ...(needed ? [] : [{ value: 'any', label: t('builder.window.any') }]),
          ...USUAL.map((value) => ({ value, label: t('builder.window.usual', { length: spellDuration(value) }) })),
          { value: 'last', label: t('builder.window.last') },
          { value: 'between', label: t('builder.window.between') },
        ]}
        value={kind}
        onChange={choose}
      />
      {kind === 'last' && (
        <DurationFields
          label={t('builder.window.length')}
          duration={last!}
          onChange={(next) => onChange({ last: next })}
        />
      )}
      {kind === 'between' && (
        <Stack wrap>
          <DateField
            label={t('builder.from')}
            date={window!.from}
            onChange={(from) => onChange(bounds({ ...window, from }))}
          />
          <span>{t('builder.to')}</span>
          <DateField
            label={t('builder.until')}
            date={window!.to}
            onChange={(to) => onChange(bounds({ ...window, to }))}
          />
          <span>{t('builder.zone.in', { zone })}</span>
        </Stack>
      )}
    </Stack>
  );
}

function windowFor(kind: Kind, last = '30d'): SegmentWindow | undefined {
  switch (kind) {
    case 'any':
      return undefined;
    case 'last':
      return { last };
    case 'between':
      return { from: daysAgo(30), to: daysAgo(0) };
    default:
      return { last: kind };
  }
}

/** One of the two at least must be there. */
const bounds = ({ from, to }: SegmentWindow): SegmentWindow =>
  from || to ? { ...(from && { from }), ...(to && { to }) } : { from: daysAgo(30) };

const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10);

function DateField({ label, date, onChange }: { label: string; date?: string; onChange: (date?: string) => void }) {
  // A moment that the definition names by the second stays a text.
  const type = !date || /^\d{4}-\d\d-\d\d$/.test(date) ? 'date' : 'text';
  return (
    <Input
      {...{ 'aria-label': label, type, width: type === 'date' ? 18 : 28, value: date ?? '' }}
      onChange={({ currentTarget: { value } }) => onChange(value || undefined)}
    />
  );
}

interface DurationProps {
  label: string;
  duration: string;
  onChange: (duration: string) => void;
}

/** A length of time: a number and its unit. */
export function DurationFields({ label, duration, onChange }: DurationProps) {
  const { n, unit } = parseDuration(duration) ?? { n: 1, unit: 'd' as Unit };
  const units: Unit[] = unit === 'ms' ? ['ms', 's', 'm', 'h', 'd', 'w'] : ['s', 'm', 'h', 'd', 'w'];
  return (
    <Stack>
      <Input
        {...{ 'aria-label': label, type: 'number', min: 1, width: 8, defaultValue: n }}
        onChange={({ currentTarget: { value } }) => /^[1-9]\d{0,8}$/.test(value) && onChange(`${value}${unit}`)}
      />
      <Choice
        label={t('builder.unit', { label })}
        width={14}
        options={units.map((value) => ({ value, label: UNITS[value] }))}
        value={unit}
        onChange={(next) => onChange(`${n}${next}`)}
      />
    </Stack>
  );
}
