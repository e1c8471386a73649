import { Button, InlineFieldRow } from '@grafana/ui';
import React from 'react';

import { needsAttribute } from '../../query/queries';
import { type Attribute, type Measure, type MeasureName } from '../../query/types.gen';

import { AttributeOption, type Choice, TextOption, VariableOption } from './options';

const MEASURES: Array<Choice<MeasureName>> = [
  { value: 'count', label: 'Count' },
  { value: 'users', label: 'Unique users' },
  { value: 'sessions', label: 'Unique sessions' },
  { value: 'sum', label: 'Sum' },
  { value: 'avg', label: 'Average' },
  { value: 'min', label: 'Minimum' },
  { value: 'max', label: 'Maximum' },
  { value: 'median', label: 'Median' },
  { value: 'p75', label: '75th percentile' },
  { value: 'p90', label: '90th percentile' },
  { value: 'p95', label: '95th percentile' },
  { value: 'p99', label: '99th percentile' },
];
const WITH_RATIO: Array<Choice<MeasureName | 'ratio'>> = [
  ...MEASURES,
  { value: 'ratio', label: 'Ratio', description: 'One measure divided by another' },
];

interface Props {
  measure: Measure;
  /** From 1, tells the controls of several measures apart. */
  number: number;
  attributes: Attribute[];
  variables?: string[];
  /** Something was chosen: run the query. */
  onChange: (measure: Measure) => void;
  /** A text is being typed; onRun follows when its field is left. */
  onType: (measure: Measure) => void;
  onRun: () => void;
  /** Not given where it is the only one. */
  onRemove?: () => void;
}

/** One measure, or the ratio of two. */
export function MeasureEditor(props: Props) {
  const { measure, number, variables } = props;
  if (!measure.ratio) {
    return <MeasureRow {...props} label={`Measure ${number}`} measure={measure} choices={WITH_RATIO} isFirst />;
  }
  const { of, to } = measure.ratio;
  const withOf = (changed: Measure) => ({ ...measure, ratio: { of: changed, to } });
  const withTo = (changed: Measure) => ({ ...measure, ratio: { of, to: changed } });
  return (
    <>
      <InlineFieldRow>
        <VariableOption<MeasureName | 'ratio'>
          label={`Measure ${number}`}
          choices={WITH_RATIO}
          variables={variables}
          value="ratio"
          onChange={(chosen) => props.onChange(changeMeasure(measure, chosen))}
        />
        <NameOption {...props} />
        <RemoveButton {...props} />
      </InlineFieldRow>
      <MeasureRow
        {...props}
        label="of"
        measure={of}
        choices={MEASURES}
        onChange={(changed) => props.onChange(withOf(changed))}
        onType={(changed) => props.onType(withOf(changed))}
      />
      <MeasureRow
        {...props}
        label="to"
        measure={to}
        choices={MEASURES}
        onChange={(changed) => props.onChange(withTo(changed))}
        onType={(changed) => props.onType(withTo(changed))}
      />
    </>
  );
}

interface RowProps extends Props {
  label: string;
  measure: Measure;
  choices: Array<Choice<MeasureName | 'ratio'>>;
  /** Has a name and can be removed; the parts of a ratio cannot. */
  isFirst?: boolean;
}

function MeasureRow(props: RowProps) {
  const { label, measure, choices, attributes, variables, isFirst, onChange, onType, onRun } = props;
  return (
    <InlineFieldRow>
      <VariableOption<MeasureName | 'ratio'>
        label={label}
        choices={choices}
        variables={variables}
        value={measure.measure}
        onChange={(chosen) => onChange(changeMeasure(measure, chosen))}
      />
      {(needsAttribute(measure) || measure.attribute) && (
        <AttributeOption
          label="Of"
          labelWidth="auto"
          attributes={attributes.filter(isNumeric)}
          variables={variables}
          value={measure.attribute}
          onChange={(attribute) => onChange({ ...measure, attribute })}
        />
      )}
      <TextOption
        label="Where"
        labelWidth="auto"
        tooltip="A filter for this measure alone"
        placeholder="All"
        value={measure.filter}
        onType={(filter) => onType({ ...measure, filter })}
        onRun={onRun}
      />
      {isFirst && <NameOption {...props} />}
      {isFirst && <RemoveButton {...props} />}
    </InlineFieldRow>
  );
}

function NameOption({ measure, onType, onRun }: Props) {
  return (
    <TextOption
      label="Name"
      labelWidth="auto"
      tooltip="Shown in legends and column headers"
      placeholder="Automatic"
      width={20}
      value={measure.name}
      onType={(name) => onType({ ...measure, name })}
      onRun={onRun}
    />
  );
}

function RemoveButton({ number, onRemove }: Props) {
  return onRemove ? (
    <Button variant="secondary" icon="times" aria-label={`Remove measure ${number}`} onClick={onRemove} />
  ) : null;
}

function isNumeric({ type }: Attribute): boolean {
  return type === 'number' || type === 'duration';
}

/** Another measure under the same name and filter; a ratio begins as that of the old measure to all. */
export function changeMeasure(old: Measure, chosen: MeasureName | 'ratio'): Measure {
  const name = old.name ? { name: old.name } : {};
  const { name: _, ...simple } = old.ratio?.of ?? old;
  if (chosen === 'ratio') {
    return { ratio: { of: simple, to: { measure: 'count' } }, ...name };
  }
  const { attribute, ...rest } = simple;
  const changed: Measure = { ...rest, measure: chosen, ...name };
  return needsAttribute(changed) ? { ...changed, attribute } : changed;
}
