import React from 'react';

import { type EventsOptions } from '../../query/types.gen';

import { AnonymousOption } from './AnonymousOption';
import { FilterOption } from './FilterOption';
import { type OptionsEditorProps, setters } from './options';
import { PageOptions } from './PageOptions';
import { SegmentOptions } from './SegmentOptions';

/** Edits the options of an `events` query. */
export function EventsEditor(props: OptionsEditorProps<EventsOptions>) {
  const { options, onRun } = props;
  const { type, choose } = setters(props);
  return (
    <>
      <FilterOption {...props} />
      <SegmentOptions {...props} onChoose={choose} />
      <PageOptions options={options} rows="Events" defaultLimit={500} onType={type} onRun={onRun}>
        <AnonymousOption
          byDefault
          value={options.includeAnonymous}
          onChange={(includeAnonymous) => choose({ includeAnonymous })}
        />
      </PageOptions>
    </>
  );
}
