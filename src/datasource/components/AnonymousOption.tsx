import React from 'react';

import { SwitchOption } from './options';

interface Props {
  value: boolean | undefined;
  /** Where nothing was chosen. */
  byDefault?: boolean;
  onChange: (includeAnonymous: boolean) => void;
}

/** Whether those count as users who are known only by an anonymous id. */
export function AnonymousOption({ value, byDefault = false, onChange }: Props) {
  return (
    <SwitchOption
      label="Anonymous"
      tooltip="Also those known only by an anonymous id"
      value={value ?? byDefault}
      onChange={onChange}
    />
  );
}
