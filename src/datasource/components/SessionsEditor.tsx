import { Button, InlineField, InlineFieldRow, Input } from '@grafana/ui';
import React from 'react';

import { type PathwayStep, type SessionsOptions, type Sort } from '../../query/types.gen';

import { AnonymousOption } from './AnonymousOption';
import { FilterOption } from './FilterOption';
import { LABEL_WIDTH, type OptionsEditorProps, setters, SwitchOption } from './options';
import { PageOptions } from './PageOptions';
import { SegmentOptions } from './SegmentOptions';
import { SortOption } from './SortOption';
import { UserOption } from './UserOption';

const LATEST_FIRST: Sort = { column: 'session_start', descending: true };
const COLUMNS = [
  { value: 'session_start', label: 'Start' },
  { value: 'duration', label: 'Duration' },
  { value: 'user_id', label: 'User ID' },
  { value: 'user_name', label: 'User name' },
  { value: 'application', label: 'Application' },
  { value: 'device_type', label: 'Device type' },
  { value: 'os_name', label: 'OS name' },
  { value: 'browser_name', label: 'Browser name' },
  { value: 'country', label: 'Country' },
  { value: 'city', label: 'City' },
  { value: 'events', label: 'Events' },
  { value: 'views', label: 'Views' },
  { value: 'actions', label: 'Actions' },
  { value: 'errors', label: 'Errors' },
  { value: 'frustrations', label: 'Frustrations' },
  { value: 'entry_page', label: 'Entry page' },
  { value: 'exit_page', label: 'Exit page' },
];

/** Edits the options of a `sessions` query. */
export function SessionsEditor(props: OptionsEditorProps<SessionsOptions>) {
  const { options, onRun } = props;
  const { type, choose } = setters(props);
  return (
    <>
      {options.pathway && <PathwayPartOption part={options.pathway} onRemove={() => choose({ pathway: undefined })} />}
      <UserOption options={options} placeholder="Everybody" onType={type} onChoose={choose} onRun={onRun} />
      <FilterOption {...props} />
      <SegmentOptions {...props} onChoose={choose} />
      <SortOption value={options.sort ?? LATEST_FIRST} columns={COLUMNS} onChange={(sort) => choose({ sort })} />
      <PageOptions options={options} rows="Sessions" defaultLimit={100} onType={type} onRun={onRun}>
        <SwitchOption
          label="Total"
          tooltip="Count all sessions that match, not only those shown"
          value={options.includeTotal ?? false}
          onChange={(includeTotal) => choose({ includeTotal })}
        />
        <AnonymousOption
          value={options.includeAnonymous}
          onChange={(includeAnonymous) => choose({ includeAnonymous })}
        />
      </PageOptions>
    </>
  );
}

interface PathwayPartProps {
  part: PathwayStep;
  onRemove: () => void;
}

/** What a link from a pathways panel set: shown, and removed, but not edited. */
function PathwayPartOption({ part, onRemove }: PathwayPartProps) {
  return (
    <InlineFieldRow>
      <InlineField
        label="Pathway"
        labelWidth={LABEL_WIDTH}
        tooltip="Only the sessions counted in this part of a pathways diagram"
        grow
      >
        <Input aria-label="Pathway" readOnly value={pathwayPartText(part)} />
      </InlineField>
      <Button variant="secondary" icon="times" aria-label="Remove pathway" onClick={onRemove} />
    </InlineFieldRow>
  );
}

/** A node or link for people: "step 2: /cart", "step 2: /cart → /checkout". */
function pathwayPartText({ node, link }: PathwayStep): string {
  if (node) {
    return `step ${node.step}: ${node.name}`;
  }
  return link ? `step ${link.step}: ${link.from} → ${link.to}` : 'all sessions counted';
}
