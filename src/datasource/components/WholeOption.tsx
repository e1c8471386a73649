import React from 'react';

import { SwitchOption } from './options';

interface Props {
  value: boolean | undefined;
  onChange: (whole: boolean) => void;
}

/** Whether points are left out of which the time range, or the time that has passed, holds only a part. */
export function WholeOption({ value = false, onChange }: Props) {
  return (
    <SwitchOption
      label="Whole only"
      tooltip="Without points that are cut off by the time range or still running, such as today"
      value={value}
      onChange={onChange}
    />
  );
}
