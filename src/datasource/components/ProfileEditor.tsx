import React from 'react';

import { type ProfileOptions } from '../../query/types.gen';

import { FilterOption } from './FilterOption';
import { type OptionsEditorProps, setters } from './options';
import { SegmentOptions } from './SegmentOptions';
import { UserOption } from './UserOption';

/** Edits the options of a `profile` query. */
export function ProfileEditor(props: OptionsEditorProps<ProfileOptions>) {
  const { options, onRun } = props;
  const { type, choose } = setters(props);
  return (
    <>
      <UserOption
        options={options}
        placeholder="Required: a user's id, or $variable"
        onType={type}
        onChoose={choose}
        onRun={onRun}
      />
      <FilterOption
        label="Compare with"
        tooltip="The users among whom percentiles and medians are taken"
        placeholder="All users, or a filter such as last_country:BR"
        {...props}
      />
      <SegmentOptions {...props} onChoose={choose} />
    </>
  );
}
