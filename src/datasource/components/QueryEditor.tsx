import { type QueryEditorProps } from '@grafana/data';
import { Alert, Button, InlineField, InlineFieldRow, Input } from '@grafana/ui';
import React, { type ComponentType } from 'react';

import { adHocFilterText } from '../../query/adHocFilters';
import { changeType, isKnownType, QUERY_TYPES, withDefaults } from '../../query/queries';
import { type FootfallQuery } from '../../query/types';
import { type OptionsByType, type QueryType } from '../../query/types.gen';
import { type FootfallDatasource } from '../datasource';
import { type FootfallSettings } from '../types';

import { ActiveUsersEditor } from './ActiveUsersEditor';
import { AnnotationsEditor } from './AnnotationsEditor';
import { EventsEditor } from './EventsEditor';
import { ExplorerEditor } from './ExplorerEditor';
import { FacetsEditor } from './FacetsEditor';
import { type Choice, LABEL_WIDTH, type OptionsEditorProps, SelectOption } from './options';
import { PathwaysEditor } from './PathwaysEditor';
import { ProfileEditor } from './ProfileEditor';
import { ProfilesEditor } from './ProfilesEditor';
import { SegmentMembersEditor, SegmentsEditor, SegmentSizeEditor } from './SegmentEditors';
import { SessionEditor } from './SessionEditor';
import { SessionsEditor } from './SessionsEditor';
import { TopEditor } from './TopEditor';
import { useStore } from './useStore';
import { ValuesEditor } from './ValuesEditor';

const EDITORS: { [T in QueryType]: ComponentType<OptionsEditorProps<OptionsByType[T]>> } = {
  profiles: ProfilesEditor,
  profile: ProfileEditor,
  topPages: TopEditor,
  topActions: TopEditor,
  sessions: SessionsEditor,
  session: SessionEditor,
  events: EventsEditor,
  pathways: PathwaysEditor,
  explorer: ExplorerEditor,
  activeUsers: ActiveUsersEditor,
  facets: FacetsEditor,
  values: ValuesEditor,
  annotations: AnnotationsEditor,
  segments: SegmentsEditor,
  segmentMembers: SegmentMembersEditor,
  segmentSize: SegmentSizeEditor,
};

const TYPES: Array<Choice<QueryType>> = Object.entries(QUERY_TYPES).map(([type, texts]) => ({
  value: type as QueryType,
  ...texts,
}));

type Props = QueryEditorProps<FootfallDatasource, FootfallQuery, FootfallSettings>;

/** Edits a query: its type, then what that type asks. */
export function QueryEditor({ datasource, query: stored, data, onChange, onRunQuery }: Props) {
  const query = withDefaults(stored);
  const known = useStore(datasource, query, data);
  const isKnown = isKnownType(query.queryType);
  const Editor = isKnown ? (EDITORS[query.queryType] as ComponentType<OptionsEditorProps<object>>) : undefined;
  return (
    <>
      <InlineFieldRow>
        <SelectOption
          label="Query"
          tooltip={isKnown ? QUERY_TYPES[query.queryType].description : 'What is asked'}
          choices={TYPES}
          value={query.queryType}
          onChange={(queryType) => {
            onChange(changeType(query, queryType));
            onRunQuery();
          }}
        />
      </InlineFieldRow>
      {query.adHocFilters && (
        <AdHocFilters
          text={query.adHocFilters.map(adHocFilterText).join(' and ')}
          onRemove={() => {
            onChange({ ...query, adHocFilters: undefined });
            onRunQuery();
          }}
        />
      )}
      {Editor ? (
        <Editor
          options={query.options}
          {...known}
          onChange={(options) => onChange({ ...query, options } as FootfallQuery)}
          onRun={onRunQuery}
        />
      ) : (
        <Alert severity="warning" title={`This version of Footfall does not know the query "${query.queryType}"`}>
          It stays as it is stored until you choose another one above.
        </Alert>
      )}
    </>
  );
}

/** The ad-hoc filters that a query brought from its dashboard to Explore. */
function AdHocFilters({ text, onRemove }: { text: string; onRemove: () => void }) {
  return (
    <InlineFieldRow>
      <InlineField
        label="Dashboard filters"
        labelWidth={LABEL_WIDTH}
        tooltip="They came with the query from a dashboard"
        grow
      >
        <Input aria-label="Dashboard filters" readOnly value={text} />
      </InlineField>
      <Button variant="secondary" icon="times" aria-label="Remove dashboard filters" onClick={onRemove} />
    </InlineFieldRow>
  );
}
