import { type RawTimeRange } from '@grafana/data';
import { TimeRangeInput, useTheme2 } from '@grafana/ui';
import React from 'react';

import { rangeOf, textRange } from '../api/range';

interface Props {
  range: RawTimeRange;
  /** It stands at the right on a phone too. */
  keepsRight?: boolean;
  onChange: (range: RawTimeRange) => void;
}

/** A view's time range. It stands at the right, so what it opens ends where it ends; on a phone mostly at the left. */
export function RangeInput({ range, keepsRight, onChange }: Props) {
  const isNarrow = window.innerWidth < useTheme2().breakpoints.values.md;
  return (
    <TimeRangeInput
      value={rangeOf(range)}
      isReversed={isNarrow && !keepsRight}
      onChange={({ raw }) => onChange(textRange(raw))}
    />
  );
}
