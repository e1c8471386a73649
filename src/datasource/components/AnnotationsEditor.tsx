import { type QueryEditorProps } from '@grafana/data';
import { InlineFieldRow } from '@grafana/ui';
import React from 'react';

import { changeType } from '../../query/queries';
import { type FootfallQuery } from '../../query/types';
import { type AnnotationKind, type AnnotationsOptions } from '../../query/types.gen';
import { type FootfallDatasource } from '../datasource';
import { type FootfallSettings } from '../types';

import { FilterOption } from './FilterOption';
import { type Choice, NumberOption, type OptionsEditorProps, RadioOption, setters } from './options';
import { SegmentOptions } from './SegmentOptions';
import { useStore } from './useStore';

const KINDS: Array<Choice<AnnotationKind>> = [
  { value: 'frustrations', label: 'Frustrations', description: 'Rage clicks, dead clicks, error clicks' },
  { value: 'firstSeen', label: 'First seen', description: 'When a user came for the first time' },
  { value: 'events', label: 'Events', description: 'Every event that the filter selects' },
];

/** Edits the options of an `annotations` query. */
export function AnnotationsEditor(props: OptionsEditorProps<AnnotationsOptions>) {
  const { options, onRun } = props;
  const { type, choose } = setters(props);
  return (
    <>
      <InlineFieldRow>
        <RadioOption
          label="Mark"
          choices={KINDS}
          value={options.kind ?? 'frustrations'}
          onChange={(kind) => choose({ kind })}
        />
      </InlineFieldRow>
      <FilterOption {...props} />
      <SegmentOptions {...props} onChoose={choose} />
      <InlineFieldRow>
        <NumberOption
          label="Limit"
          tooltip="Annotations at most, up to 1,000; the latest"
          min={1}
          max={1000}
          placeholder="200"
          value={options.limit}
          onType={(limit) => type({ limit })}
          onRun={onRun}
        />
      </InlineFieldRow>
    </>
  );
}

type Props = QueryEditorProps<FootfallDatasource, FootfallQuery, FootfallSettings>;

/** Edits the query of a dashboard's annotations: no other type makes any. */
export function AnnotationEditor({ datasource, query: stored, data, onChange, onRunQuery }: Props) {
  const query = stored.queryType === 'annotations' ? stored : changeType(stored, 'annotations');
  const known = useStore(datasource, query, data);
  return (
    <AnnotationsEditor
      options={query.options as AnnotationsOptions}
      {...known}
      onChange={(options) => onChange({ ...query, queryType: 'annotations', options })}
      onRun={onRunQuery}
    />
  );
}
