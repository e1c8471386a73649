import { InlineFieldRow } from '@grafana/ui';
import React, { type ReactNode } from 'react';

import { type EventsOptions } from '../../query/types.gen';

import { NumberOption } from './options';

type Page = Pick<EventsOptions, 'limit' | 'offset'>;

interface Props {
  options: Page;
  /** What a row is, e.g. "Users". */
  rows: string;
  /** Shown where no limit is given. */
  defaultLimit: number;
  onType: (changed: Page) => void;
  onRun: () => void;
  /** Switches beside. */
  children?: ReactNode;
}

/** Limit and offset of a list. */
export function PageOptions({ options, rows, defaultLimit, onType, onRun, children }: Props) {
  return (
    <InlineFieldRow>
      <NumberOption
        label="Limit"
        tooltip={`${rows} at most, up to 10,000`}
        min={1}
        max={10_000}
        placeholder={String(defaultLimit)}
        value={options.limit}
        onType={(limit) => onType({ limit })}
        onRun={onRun}
      />
      <NumberOption
        label="Offset"
        labelWidth="auto"
        tooltip={`${rows} to skip`}
        min={0}
        placeholder="0"
        value={options.offset}
        onType={(offset) => onType({ offset })}
        onRun={onRun}
      />
      {children}
    </InlineFieldRow>
  );
}
