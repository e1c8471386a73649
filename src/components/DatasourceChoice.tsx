import { type DataSourceInstanceSettings } from '@grafana/data';
import React from 'react';

import { t } from '../text';

import { Choice } from './Choice';

interface Props {
  datasources: DataSourceInstanceSettings[];
  value: string;
  onChange: (uid: string) => void;
}

/** Which store is shown; there is nothing to choose where there is one. */
export function DatasourceChoice({ datasources, value, onChange }: Props) {
  return (
    <Choice
      label={t('common.datasource')}
      width={24}
      value={value}
      options={datasources.map(({ uid, name }) => ({ value: uid, label: name }))}
      onChange={onChange}
    />
  );
}
