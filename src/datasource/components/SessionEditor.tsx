import { InlineFieldRow } from '@grafana/ui';
import React from 'react';

import { type SessionOptions } from '../../query/types.gen';

import { FilterOption } from './FilterOption';
import { type OptionsEditorProps, setters, TextOption } from './options';
import { SegmentOptions } from './SegmentOptions';
import { UserOption } from './UserOption';

/** Edits the options of a `session` query. */
export function SessionEditor(props: OptionsEditorProps<SessionOptions>) {
  const { options, onRun } = props;
  const { type, choose } = setters(props);
  return (
    <>
      <InlineFieldRow>
        <TextOption
          label="Session"
          tooltip="The session's id (session.id). Sessions without one are found by user and start"
          placeholder="A session's id, or $variable"
          value={options.session}
          onType={(session) => type({ session })}
          onRun={onRun}
        />
      </InlineFieldRow>
      <UserOption
        options={options}
        placeholder="Together with Start, where there is no session id"
        onType={type}
        onChoose={choose}
        onRun={onRun}
      />
      <InlineFieldRow>
        <TextOption
          label="Start"
          tooltip="When the session starts, or any moment in it: 2026-01-31T12:00:00Z, or milliseconds since 1970"
          placeholder="2026-01-31T12:00:00Z"
          width={32}
          value={options.start}
          onType={(start) => type({ start })}
          onRun={onRun}
        />
      </InlineFieldRow>
      <FilterOption
        tooltip="Which of the session's events are listed"
        placeholder="All events, or a filter such as type:error"
        {...props}
      />
      <SegmentOptions {...props} onChoose={choose} />
    </>
  );
}
