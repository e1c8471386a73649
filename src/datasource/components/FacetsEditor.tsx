import { InlineFieldRow } from '@grafana/ui';
import React from 'react';

import { ofLevel } from '../../query/attributes';
import { type FacetsOptions } from '../../query/types.gen';

import { ActiveOption } from './ActiveOption';
import { AnonymousOption } from './AnonymousOption';
import { attributeOptions } from './attributeOptions';
import { ConditionsOption } from './ConditionsOption';
import { FilterOption } from './FilterOption';
import { ListOption, NumberOption, type OptionsEditorProps, setters } from './options';
import { SearchOption } from './SearchOption';
import { SegmentOptions } from './SegmentOptions';

/** Edits the options of a `facets` query. */
export function FacetsEditor(props: OptionsEditorProps<FacetsOptions>) {
  const { options, attributes, onRun } = props;
  const { type, choose } = setters(props);
  const ofUsers = ofLevel(attributes, 'profile');
  return (
    <>
      <InlineFieldRow>
        <ListOption
          label="Attributes"
          tooltip="Users are counted by the values of each"
          placeholder="Choose, or type a name"
          choices={attributeOptions(ofUsers.filter(({ id, type }) => id !== 'user_id' && type !== 'time'))}
          value={options.attributes?.map(({ attribute }) => attribute)}
          onChange={(chosen) =>
            choose({
              attributes: chosen?.map(
                (attribute) => options.attributes?.find((old) => old.attribute === attribute) ?? { attribute }
              ),
            })
          }
        />
      </InlineFieldRow>
      <SearchOption value={options.search} onType={(search) => type({ search })} onRun={onRun} />
      <FilterOption {...props} />
      <SegmentOptions {...props} onChoose={choose} />
      <ConditionsOption {...props} attributes={ofUsers} />
      <InlineFieldRow>
        <NumberOption
          label="Values"
          tooltip="Values of each attribute at most, up to 1,000"
          min={1}
          max={1000}
          placeholder="10"
          value={options.limit}
          onType={(limit) => type({ limit })}
          onRun={onRun}
        />
        <ActiveOption value={options.activeInRange} onChange={(activeInRange) => choose({ activeInRange })} />
        <AnonymousOption
          value={options.includeAnonymous}
          onChange={(includeAnonymous) => choose({ includeAnonymous })}
        />
      </InlineFieldRow>
    </>
  );
}
