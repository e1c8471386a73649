import { InlineFieldRow } from '@grafana/ui';
import React from 'react';

import { type TopOptions } from '../../query/types.gen';

import { AnonymousOption } from './AnonymousOption';
import { FilterOption } from './FilterOption';
import { NumberOption, type OptionsEditorProps, setters } from './options';
import { SegmentOptions } from './SegmentOptions';
import { UserOption } from './UserOption';

/** Edits the options of a `topPages` or `topActions` query. */
export function TopEditor(props: OptionsEditorProps<TopOptions>) {
  const { options, onRun } = props;
  const { type, choose } = setters(props);
  return (
    <>
      <UserOption options={options} placeholder="Everybody" onType={type} onChoose={choose} onRun={onRun} />
      <FilterOption {...props} />
      <SegmentOptions {...props} onChoose={choose} />
      <InlineFieldRow>
        <NumberOption
          label="Limit"
          tooltip="Rows at most"
          min={1}
          placeholder="20"
          value={options.limit}
          onType={(limit) => type({ limit })}
          onRun={onRun}
        />
        <AnonymousOption
          value={options.includeAnonymous}
          onChange={(includeAnonymous) => choose({ includeAnonymous })}
        />
      </InlineFieldRow>
    </>
  );
}
