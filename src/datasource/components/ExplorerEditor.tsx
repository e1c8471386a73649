import { Button, InlineField, InlineFieldRow } from '@grafana/ui';
import React from 'react';

import { singleValued } from '../../query/attributes';
import {
  type Attribute,
  type ExplorerFormat,
  type ExplorerInterval,
  type ExplorerOptions,
  type ExplorerOver,
  type Facet,
  type Measure,
} from '../../query/types.gen';

import { AnonymousOption } from './AnonymousOption';
import { FilterOption } from './FilterOption';
import { MeasureEditor } from './MeasureEditor';
import {
  AttributeOption,
  type Choice,
  LABEL_WIDTH,
  type OptionsEditorProps,
  RadioOption,
  setters,
  SwitchOption,
  TextOption,
  VariableOption,
} from './options';
import { SegmentOptions } from './SegmentOptions';
import { WholeOption } from './WholeOption';

const OVER: Array<Choice<ExplorerOver>> = [
  { value: 'events', label: 'Events' },
  { value: 'sessions', label: 'Sessions', description: 'That start in the time range' },
  { value: 'users', label: 'Users', description: 'With a session that starts in the time range' },
];
const FORMATS: Array<Choice<ExplorerFormat>> = [
  { value: 'timeseries', label: 'Time series' },
  { value: 'table', label: 'Table' },
  { value: 'value', label: 'Value', description: 'One number' },
];
const INTERVALS: Array<Choice<ExplorerInterval>> = [
  { value: 'auto', label: 'Auto', description: "The dashboard's interval" },
  { value: 'minute', label: 'Minute' },
  { value: 'hour', label: 'Hour' },
  { value: 'day', label: 'Day' },
  { value: 'week', label: 'Week' },
  { value: 'month', label: 'Month' },
];
const MAX_FACETS = 3;

type Props = OptionsEditorProps<ExplorerOptions>;

/** Edits the options of an `explorer` query. */
export function ExplorerEditor(props: Props) {
  const { options } = props;
  const { choose } = setters(props);
  return (
    <>
      <InlineFieldRow>
        <OverOption {...props} />
        <AnonymousOption
          value={options.includeAnonymous}
          onChange={(includeAnonymous) => choose({ includeAnonymous })}
        />
      </InlineFieldRow>
      <FilterOption {...props} />
      <SegmentOptions {...props} onChoose={choose} />
      <Measures {...props} />
      <Facets {...props} />
      <Format {...props} />
    </>
  );
}

/** Buttons, and a menu where there are variables to choose from. */
function OverOption(props: Props) {
  const { options, variables = [] } = props;
  const { choose } = setters(props);
  const { over = 'events' } = options;
  const hasButtons = variables.length === 0 && OVER.some(({ value }) => value === over);
  const common = { label: 'Over', choices: OVER, value: over, onChange: (over: ExplorerOver) => choose({ over }) };
  return hasButtons ? <RadioOption {...common} /> : <VariableOption {...common} variables={variables} />;
}

/** Of events; only measures know it. */
const TIME_ON_PAGE: Attribute = { id: 'time_on_page', name: 'Time on page', level: 'event', type: 'duration' };

function Measures(props: Props) {
  const { options, variables, onRun } = props;
  const mayBeOfEvents = !['sessions', 'users'].includes(options.over ?? 'events');
  const attributes = mayBeOfEvents ? [TIME_ON_PAGE, ...props.attributes] : props.attributes;
  const { type, choose } = setters(props);
  const measures: Measure[] = options.measures?.length ? options.measures : [{ measure: 'count' }];
  const replaced = (index: number, measure: Measure) => ({
    measures: measures.map((old, i) => (i === index ? measure : old)),
  });
  return (
    <>
      {measures.map((measure, index) => (
        <MeasureEditor
          key={index}
          measure={measure}
          number={index + 1}
          attributes={attributes}
          variables={variables}
          onChange={(changed) => choose(replaced(index, changed))}
          onType={(changed) => type(replaced(index, changed))}
          onRun={onRun}
          onRemove={
            measures.length > 1 ? () => choose({ measures: measures.filter((_, i) => i !== index) }) : undefined
          }
        />
      ))}
      <AddButton label="Add measure" onClick={() => choose({ measures: [...measures, { measure: 'count' }] })} />
    </>
  );
}

function Facets(props: Props) {
  const { options, attributes, variables, onRun } = props;
  const { type, choose } = setters(props);
  const facets = options.facets ?? [];
  const changed = (index: number, change: Partial<Facet>) => ({
    facets: facets.map((old, i) => (i === index ? { ...old, ...change } : old)),
  });
  return (
    <>
      {facets.map((facet, index) => (
        <InlineFieldRow key={index}>
          <AttributeOption
            label={index === 0 ? 'By' : 'then by'}
            attributes={singleValued(attributes)}
            variables={variables}
            value={facet.attribute || undefined}
            onChange={(attribute) => choose(changed(index, { attribute }))}
          />
          <TextOption
            label="Top"
            labelWidth="auto"
            tooltip="Values with the largest first measure over the whole range. It can be a variable"
            placeholder="10"
            width={12}
            value={facet.limit?.toString()}
            onType={(limit) => type(changed(index, { limit: numberOrText(limit) }))}
            onRun={onRun}
          />
          <SwitchOption
            label="Other"
            tooltip="Add one for all other values together"
            value={facet.other ?? false}
            onChange={(other) => choose(changed(index, { other }))}
          />
          <Button
            variant="secondary"
            icon="times"
            aria-label={`Remove facet ${index + 1}`}
            onClick={() => choose({ facets: facets.filter((_, i) => i !== index) })}
          />
        </InlineFieldRow>
      ))}
      {facets.length < MAX_FACETS && (
        <AddButton
          label="Add facet"
          title={facets.length === 0 ? 'By' : ''}
          onClick={() => type({ facets: [...facets, { attribute: '' }] })}
        />
      )}
    </>
  );
}

function numberOrText(text: string | undefined): number | string | undefined {
  return text && /^\d+$/.test(text) ? Number(text) : text;
}

function Format(props: Props) {
  const { options } = props;
  const { choose } = setters(props);
  const { format = 'timeseries' } = options;
  return (
    <InlineFieldRow>
      <RadioOption label="Format" choices={FORMATS} value={format} onChange={(chosen) => choose({ format: chosen })} />
      {format === 'timeseries' && (
        <>
          <VariableOption
            label="Interval"
            labelWidth="auto"
            width={16}
            tooltip="Calendar buckets in the dashboard's time zone"
            choices={INTERVALS}
            variables={props.variables}
            value={options.interval ?? 'auto'}
            onChange={(interval) => choose({ interval })}
          />
          <SwitchOption
            label="Fill gaps"
            tooltip="Points for buckets without data: 0 for counts, else empty"
            value={options.fill ?? true}
            onChange={(fill) => choose({ fill })}
          />
          <WholeOption value={options.whole} onChange={(whole) => choose({ whole })} />
        </>
      )}
      {format === 'table' && (options.over ?? 'events') === 'events' && (
        <SwitchOption
          label="Latest session"
          tooltip="When each row was met last, which leads to that session"
          value={options.latest ?? false}
          onChange={(latest) => choose({ latest: latest || undefined })}
        />
      )}
    </InlineFieldRow>
  );
}

function AddButton({ label, title = '', onClick }: { label: string; title?: string; onClick: () => void }) {
  return (
    <InlineFieldRow>
      <InlineField label={title} labelWidth={LABEL_WIDTH} transparent={title === ''}>
        <Button variant="secondary" icon="plus" onClick={onClick}>
          {label}
        </Button>
      </InlineField>
    </InlineFieldRow>
  );
}
