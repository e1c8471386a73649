import React from 'react';

import { SwitchOption } from './options';

interface Props {
  value: boolean | undefined;
  onChange: (activeInRange: boolean) => void;
}

/** Whether only users count who were active in the time range. */
export function ActiveOption({ value = false, onChange }: Props) {
  return (
    <SwitchOption
      label="Active only"
      tooltip="Only users with an event in the time range; otherwise profiles cover all time"
      value={value}
      onChange={onChange}
    />
  );
}
