import { InlineField, InlineFieldRow, Select } from '@grafana/ui';
import React from 'react';

import { type Segment, type SegmentRef, type Selection } from '../../query/types.gen';

import { LABEL_WIDTH, ListOption } from './options';
import { readSegment, segmentChoices, writeSegment } from './segmentChoices';

interface Props {
  options: Selection;
  segments: Segment[];
  onChoose: (changed: Selection) => void;
}

/** Which segments users must belong to, and to which they must not. */
export function SegmentOptions({ options, segments, onChoose }: Props) {
  return (
    <InlineFieldRow>
      <SegmentsOption
        label="In segments"
        tooltip="Only users who belong to one of them"
        placeholder="Choose, or type $variable"
        segments={segments}
        value={options.includeSegments}
        onChange={(includeSegments) => onChoose({ includeSegments })}
      />
      <SegmentsOption
        label="Not in segments"
        labelWidth="auto"
        tooltip="No users who belong to any of them"
        placeholder="Choose, or type $variable"
        segments={segments}
        value={options.excludeSegments}
        onChange={(excludeSegments) => onChoose({ excludeSegments })}
      />
    </InlineFieldRow>
  );
}

interface SegmentsProps {
  label: string;
  labelWidth?: 'auto';
  tooltip: string;
  placeholder: string;
  segments: Segment[];
  value: SegmentRef[] | undefined;
  onChange: (value: SegmentRef[] | undefined) => void;
}

/** Several segments; variables and definitions can be typed. */
function SegmentsOption({ segments, value, onChange, ...rest }: SegmentsProps) {
  return (
    <ListOption
      {...rest}
      choices={segmentChoices(segments, value)}
      value={value?.map(writeSegment)}
      onChange={(chosen) => onChange(chosen?.map(readSegment))}
    />
  );
}

interface SegmentProps {
  segments: Segment[];
  value: SegmentRef | undefined;
  onChange: (value: SegmentRef | undefined) => void;
}

/** One segment; a variable or a definition can be typed. */
export function SegmentOption({ segments, value, onChange }: SegmentProps) {
  const text = value && writeSegment(value);
  const choices = segmentChoices(segments, value ? [value] : []);
  const chosen = text && (choices.find((choice) => choice.value === text) ?? { value: text, label: text });
  return (
    <InlineField label="Segment" labelWidth={LABEL_WIDTH} tooltip="Whose users are listed">
      <Select
        aria-label="Segment"
        width={32}
        placeholder="Choose, or type $variable"
        allowCustomValue
        options={choices}
        value={chosen || null}
        onChange={(option) => onChange(option?.value ? readSegment(option.value) : undefined)}
      />
    </InlineField>
  );
}
