import React from 'react';

import { type EventsOptions } from '../types';

import { AnonymousOption } from './AnonymousOption';
import { FilterOption } from './FilterOption';
import { type OptionsEditorProps, setters } from './options';
import { PageOptions } from './PageOptions';

/** Edits the options of an `events` query. */
export function EventsEditor(props: OptionsEditorProps<EventsOptions>) {
  const { options, attributes, onRun } = props;
  const { type, choose } = setters(props);
  return (
    <>
      <FilterOption
        value={options.filter}
        attributes={attributes}
        onType={(filter) => type({ filter })}
        onRun={onRun}
      />
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
