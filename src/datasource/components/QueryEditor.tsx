import { type QueryEditorProps } from '@grafana/data';
import React from 'react';

import { type FootfallDatasource } from '../datasource';
import { type FootfallQuery, type FootfallSettings } from '../types';

import { ProfilesEditor } from './ProfilesEditor';
import { useAttributes } from './useAttributes';

type Props = QueryEditorProps<FootfallDatasource, FootfallQuery, FootfallSettings>;

export function QueryEditor({ datasource, query, onChange, onRunQuery }: Props) {
  const attributes = useAttributes(datasource);
  return (
    <ProfilesEditor
      options={query.options ?? {}}
      attributes={attributes}
      onChange={(options) => onChange({ ...query, queryType: 'profiles', options })}
      onRun={onRunQuery}
    />
  );
}
