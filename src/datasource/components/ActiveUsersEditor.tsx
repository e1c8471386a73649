import React from 'react';

import { type ActiveUsersOptions, type Activity } from '../../query/types.gen';

import { AnonymousOption } from './AnonymousOption';
import { FilterOption } from './FilterOption';
import { type Choice, ListOption, type OptionsEditorProps, setters } from './options';
import { SegmentOptions } from './SegmentOptions';
import { WholeOption } from './WholeOption';

const NUMBERS: Array<Choice<Activity>> = [
  { value: 'active', label: 'Active users' },
  { value: 'active7', label: '7 days' },
  { value: 'active28', label: '28 days' },
  { value: 'new', label: 'New users' },
  { value: 'returning', label: 'Returning users' },
];

/** Edits the options of an `activeUsers` query. */
export function ActiveUsersEditor(props: OptionsEditorProps<ActiveUsersOptions>) {
  const { options } = props;
  const { choose } = setters(props);
  return (
    <>
      <FilterOption {...props} />
      <SegmentOptions {...props} onChoose={choose} />
      <ListOption
        label="Numbers"
        tooltip="Of each day, of the days that end with it, or how many of the day's users are new"
        placeholder="All"
        choices={NUMBERS}
        value={options.show}
        onChange={(show) => choose({ show: show as Activity[] | undefined })}
      />
      <WholeOption value={options.whole} onChange={(whole) => choose({ whole })} />
      <AnonymousOption value={options.includeAnonymous} onChange={(includeAnonymous) => choose({ includeAnonymous })} />
    </>
  );
}
