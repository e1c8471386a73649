import React from 'react';

import { ofLevel } from '../../query/attributes';
import { type ProfilesOptions } from '../../query/types.gen';

import { ActiveOption } from './ActiveOption';
import { AnonymousOption } from './AnonymousOption';
import { ColumnOptions } from './ColumnOptions';
import { ConditionsOption } from './ConditionsOption';
import { FilterOption } from './FilterOption';
import { type OptionsEditorProps, setters, SwitchOption } from './options';
import { PageOptions } from './PageOptions';
import { SearchOption } from './SearchOption';
import { SegmentOptions } from './SegmentOptions';

type Props = OptionsEditorProps<ProfilesOptions>;

/** Edits the options of a `profiles` query. */
export function ProfilesEditor(props: Props) {
  const { options, attributes, onRun } = props;
  const { type, choose } = setters(props);
  return (
    <>
      <SearchOption value={options.search} onType={(search) => type({ search })} onRun={onRun} />
      <FilterOption {...props} />
      <SegmentOptions {...props} onChoose={choose} />
      <ConditionsOption {...props} attributes={ofLevel(attributes, 'profile')} />
      <ColumnOptions options={options} attributes={attributes} onChoose={choose} />
      <Rows {...props} />
    </>
  );
}

function Rows(props: Props) {
  const { options, onRun } = props;
  const { type, choose } = setters(props);
  return (
    <PageOptions options={options} rows="Users" defaultLimit={100} onType={type} onRun={onRun}>
      <SwitchOption
        label="Total"
        tooltip="Count all users that match, not only those shown"
        value={options.includeTotal ?? false}
        onChange={(includeTotal) => choose({ includeTotal })}
      />
      <ActiveOption value={options.activeInRange} onChange={(activeInRange) => choose({ activeInRange })} />
      <AnonymousOption value={options.includeAnonymous} onChange={(includeAnonymous) => choose({ includeAnonymous })} />
    </PageOptions>
  );
}
