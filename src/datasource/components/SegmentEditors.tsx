import { InlineFieldRow } from '@grafana/ui';
import React from 'react';

import { type SegmentMembersOptions, type SegmentSizeOptions } from '../../query/types.gen';

import { ColumnOptions } from './ColumnOptions';
import { ListOption, type OptionsEditorProps, setters } from './options';
import { PageOptions } from './PageOptions';
import { SearchOption } from './SearchOption';
import { segmentChoices } from './segmentChoices';
import { SegmentOption } from './SegmentOptions';

/** A `segments` query has no options. */
export function SegmentsEditor() {
  return null;
}

/** Edits the options of a `segmentMembers` query. */
export function SegmentMembersEditor(props: OptionsEditorProps<SegmentMembersOptions>) {
  const { options, attributes, onRun } = props;
  const { type, choose } = setters(props);
  return (
    <>
      <InlineFieldRow>
        <SegmentOption {...props} value={options.segment} onChange={(segment) => choose({ segment })} />
      </InlineFieldRow>
      <SearchOption value={options.search} onType={(search) => type({ search })} onRun={onRun} />
      <ColumnOptions options={options} attributes={attributes} onChoose={choose} />
      <PageOptions options={options} rows="Users" defaultLimit={100} onType={type} onRun={onRun} />
    </>
  );
}

/** Edits the options of a `segmentSize` query. */
export function SegmentSizeEditor(props: OptionsEditorProps<SegmentSizeOptions>) {
  const { options } = props;
  const { choose } = setters(props);
  return (
    <InlineFieldRow>
      <ListOption
        label="Segments"
        tooltip="Whose sizes are shown"
        placeholder="All"
        choices={segmentChoices(props)}
        value={options.segments}
        onChange={(chosen) => choose({ segments: chosen })}
      />
    </InlineFieldRow>
  );
}
