import { InlineField, InlineFieldRow } from '@grafana/ui';
import React from 'react';

import { hasVariables } from '../../audience/highlight';
import { problemAt } from '../../audience/problem';
import { FilterBox } from '../../components/FilterBox';

import { LABEL_WIDTH, type OptionsEditorProps, setters, useRunWhenLeft } from './options';

interface Props extends OptionsEditorProps<{ filter?: string }> {
  label?: string;
  tooltip?: string;
  placeholder?: string;
}

/** A text of the filter language, completed as it is typed; what the last run found wrong in it stands below. */
export function FilterOption({
  label = 'Filter',
  tooltip = 'Conditions such as country:BR page:/cart* -browser_name:Firefox price:>=100; AND unless OR is written',
  placeholder = 'country:BR page:/cart* action:"Add to cart"',
  ...props
}: Props) {
  const { attributes, loadValues, problem, onRun } = props;
  const { filter = '' } = props.options;
  const { changed, onBlur: run } = useRunWhenLeft(onRun);
  return (
    <InlineFieldRow>
      <InlineField
        {...{ label, tooltip, labelWidth: LABEL_WIDTH, grow: true, invalid: problem !== undefined, error: problem }}
      >
        <FilterBox
          {...{ label, placeholder, attributes, loadValues, value: filter }}
          // Positions are those in what was sent, where variables have their values.
          wrongAt={hasVariables(filter) ? undefined : problemAt(problem)}
          onType={(text) => {
            changed();
            setters(props).type({ filter: text || undefined });
          }}
          onEnter={run}
          onLeave={run}
        />
      </InlineField>
    </InlineFieldRow>
  );
}
