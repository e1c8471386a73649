import { InlineFieldRow } from '@grafana/ui';
import React from 'react';

import { type PathwaysOptions, type Selection } from '../../query/types.gen';

import { FilterOption } from './FilterOption';
import { type OptionsEditorProps, setters, SwitchOption } from './options';
import { SegmentOptions } from './SegmentOptions';

const LABELS = { in: 'Others in segments', notIn: 'Others not in segments', within: 'Others also in segments' };

/** Whose paths are shown beside; where nothing narrows them, everybody's. */
export function CompareOption(props: OptionsEditorProps<PathwaysOptions>) {
  const { compare } = props.options;
  const { type, choose } = setters(props);
  return (
    <>
      <InlineFieldRow>
        <SwitchOption
          label="Compare"
          labelWidth={undefined}
          tooltip="The paths of others are shown beside: the same pages, each side with its own numbers"
          value={compare !== undefined}
          onChange={(isOn) => choose({ compare: isOn ? {} : undefined })}
        />
      </InlineFieldRow>
      {compare && (
        <>
          <FilterOption
            {...props}
            label="Filter of others"
            tooltip="In place of the filter above; everybody where nothing narrows them"
            placeholder="device:desktop"
            options={compare}
            // What is known to be wrong is the filter above.
            problem={undefined}
            onChange={(changed: Selection) => type({ compare: changed })}
          />
          <SegmentOptions
            {...props}
            labels={LABELS}
            options={compare}
            onChoose={(changed) => choose({ compare: { ...compare, ...changed } })}
          />
        </>
      )}
    </>
  );
}
