import { Button, InlineField, InlineFieldRow } from '@grafana/ui';
import React from 'react';

import { type Condition } from '../../query/types.gen';

import { ConditionEditor } from './ConditionEditor';
import { LABEL_WIDTH, type OptionsEditorProps, setters } from './options';

type Props = Omit<OptionsEditorProps<{ filters?: Condition[] }>, 'segments' | 'loadValues'>;

/** Conditions on users that must all hold. */
export function ConditionsOption(props: Props) {
  const { options, attributes, onRun } = props;
  const { type, choose } = setters(props);
  const conditions = options.filters ?? [];
  const replaced = (index: number, condition: Condition) => ({
    filters: conditions.map((old, i) => (i === index ? condition : old)),
  });
  return (
    <>
      {conditions.map((condition, index) => (
        <ConditionEditor
          key={index}
          label={index === 0 ? 'Where' : 'and'}
          condition={condition}
          attributes={attributes}
          onChange={(changed) => choose(replaced(index, changed))}
          onType={(changed) => type(replaced(index, changed))}
          onRun={onRun}
          onRemove={() => choose({ filters: conditions.filter((_, i) => i !== index) })}
        />
      ))}
      <InlineFieldRow>
        <InlineField
          label={conditions.length === 0 ? 'Where' : ''}
          labelWidth={LABEL_WIDTH}
          transparent={conditions.length > 0}
        >
          <Button
            variant="secondary"
            icon="plus"
            onClick={() => type({ filters: [...conditions, { attribute: '', operator: '=', values: [] }] })}
          >
            Add condition
          </Button>
        </InlineField>
      </InlineFieldRow>
    </>
  );
}
