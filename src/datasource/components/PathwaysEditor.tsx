import { InlineFieldRow } from '@grafana/ui';
import React from 'react';

import { needsPage } from '../../query/queries';
import { type PathwayAnchor, type PathwayRepeats, type PathwaysOptions, type PathwayUnit } from '../../query/types.gen';

import { AnonymousOption } from './AnonymousOption';
import { CompareOption } from './CompareOption';
import { FilterOption } from './FilterOption';
import {
  type Choice,
  ListOption,
  NumberOption,
  type OptionsEditorProps,
  RadioOption,
  setters,
  SwitchOption,
  TextOption,
} from './options';
import { SegmentOptions } from './SegmentOptions';

const ANCHORS: Array<Choice<PathwayAnchor>> = [
  { value: 'start', label: 'Start', description: 'From the first page on' },
  { value: 'after', label: 'After a page', description: "From a page's first occurrence on" },
  { value: 'before', label: 'Before a page', description: "From a page's last occurrence back" },
  { value: 'end', label: 'Before they left', description: 'From the last page back' },
];
const UNITS: Array<Choice<PathwayUnit>> = [
  { value: 'session', label: 'Sessions' },
  { value: 'user', label: 'Users', description: 'All sessions of a user one after another' },
];
const REPEATS: Array<Choice<PathwayRepeats>> = [
  { value: 'collapse', label: 'Join', description: 'The same page several times in a row is one node' },
  { value: 'first', label: 'First visit only', description: 'Only the first time at each page' },
];

type Props = OptionsEditorProps<PathwaysOptions>;

/** Edits the options of a `pathways` query. */
export function PathwaysEditor(props: Props) {
  const { choose } = setters(props);
  return (
    <>
      <Anchor {...props} />
      <FilterOption {...props} />
      <SegmentOptions {...props} onChoose={choose} />
      <Counted {...props} />
      <Pages {...props} />
      <Size {...props} />
      <CompareOption {...props} />
    </>
  );
}

function Anchor(props: Props) {
  const { options, onRun } = props;
  const { type, choose } = setters(props);
  const { anchor = 'start' } = options;
  return (
    <InlineFieldRow>
      <RadioOption
        label="Pathways from"
        choices={ANCHORS}
        value={anchor}
        onChange={(chosen) => choose({ anchor: chosen })}
      />
      {needsPage(anchor) && (
        <TextOption
          label="Page"
          labelWidth="auto"
          placeholder="Required: /cart, /product/* or $variable"
          value={options.page}
          onType={(page) => type({ page })}
          onRun={onRun}
        />
      )}
    </InlineFieldRow>
  );
}

function Counted(props: Props) {
  const { options } = props;
  const { choose } = setters(props);
  return (
    <InlineFieldRow>
      <RadioOption
        label="Count"
        choices={UNITS}
        value={options.unit ?? 'session'}
        onChange={(unit) => choose({ unit })}
      />
      <SwitchOption
        label="Actions"
        tooltip="Actions are nodes as well as pages"
        value={options.actions ?? false}
        onChange={(actions) => choose({ actions })}
      />
      <AnonymousOption value={options.includeAnonymous} onChange={(includeAnonymous) => choose({ includeAnonymous })} />
    </InlineFieldRow>
  );
}

function Pages(props: Props) {
  const { options } = props;
  const { choose } = setters(props);
  return (
    <>
      <InlineFieldRow>
        <ListOption
          label="Merge pages"
          tooltip="Each pattern makes one node of all pages that match"
          placeholder="Patterns such as /product/*"
          value={options.groups}
          onChange={(groups) => choose({ groups })}
        />
        <ListOption
          label="Hide pages"
          labelWidth="auto"
          tooltip="Pages that are left out, as if they had not been viewed"
          placeholder="Patterns such as /login*"
          value={options.hide}
          onChange={(hide) => choose({ hide })}
        />
      </InlineFieldRow>
      <InlineFieldRow>
        <RadioOption
          label="Repeats"
          choices={REPEATS}
          value={options.repeats ?? 'collapse'}
          onChange={(repeats) => choose({ repeats })}
        />
      </InlineFieldRow>
    </>
  );
}

function Size(props: Props) {
  const { options, onRun } = props;
  const { type } = setters(props);
  return (
    <InlineFieldRow>
      <NumberOption
        label="Steps"
        tooltip="2 to 20"
        min={2}
        max={20}
        placeholder="5"
        value={options.steps}
        onType={(steps) => type({ steps })}
        onRun={onRun}
      />
      <NumberOption
        label="Nodes per step"
        labelWidth="auto"
        tooltip='1 to 50; the rest becomes one node "other"'
        min={1}
        max={50}
        placeholder="10"
        value={options.nodesPerStep}
        onType={(nodesPerStep) => type({ nodesPerStep })}
        onRun={onRun}
      />
      <NumberOption
        label="Minimum count"
        labelWidth="auto"
        tooltip='Nodes with fewer become part of "other"'
        min={0}
        placeholder="0"
        value={options.minCount}
        onType={(minCount) => type({ minCount })}
        onRun={onRun}
      />
    </InlineFieldRow>
  );
}
