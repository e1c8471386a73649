import { Checkbox, Tooltip } from '@grafana/ui';
import React from 'react';

import { t } from '../../text';

interface Props {
  value: boolean;
  onChange: (value: boolean) => void;
}

/** Whether visitors without a name are listed and counted. */
export function AnonymousSwitch({ value, onChange }: Props) {
  return (
    <Tooltip content={t('count.anonymousTip')}>
      <span>
        <Checkbox
          label={t('count.anonymous')}
          value={value}
          onChange={({ currentTarget }) => onChange(currentTarget.checked)}
        />
      </span>
    </Tooltip>
  );
}
