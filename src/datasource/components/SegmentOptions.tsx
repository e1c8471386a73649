import { Button, InlineField, InlineFieldRow, Select } from '@grafana/ui';
import React, { useState } from 'react';

import { fetched } from '../../components/fetched';
import { Stack } from '../../components/Stack';
import { type SegmentDefinition, type SegmentRef, type Selection } from '../../query/types.gen';

import { LABEL_WIDTH, ListOption, type OptionsEditorProps } from './options';
import { readSegment, segmentChoices, sentenceOf, writeSegment } from './segmentChoices';

const DefinitionModal = fetched(() => import(/* webpackChunkName: "definition" */ './DefinitionModal'));

/** These labels are longer than the others of an editor. */
const WIDE = 20;

type Store = Pick<OptionsEditorProps<object>, 'datasource' | 'attributes' | 'segments'>;

const LABELS = { in: 'In segments', notIn: 'Not in segments', within: 'And in segments' };

interface Props extends Store {
  options: Selection;
  /** What the lists are called. */
  labels?: typeof LABELS;
  onChoose: (changed: Selection) => void;
}

/** Which segments users must belong to, and to which they must not; where one list stands within another, that too. */
export function SegmentOptions({ options, onChoose, labels = LABELS, ...store }: Props) {
  const { within } = options;
  return (
    <>
      <InlineFieldRow>
        <SegmentsOption
          label={labels.in}
          tooltip="Only users who belong to one of them"
          {...store}
          value={options.includeSegments}
          onChange={(includeSegments) => onChoose({ includeSegments })}
        />
      </InlineFieldRow>
      <InlineFieldRow>
        <SegmentsOption
          label={labels.notIn}
          tooltip="No users who belong to any of them"
          {...store}
          value={options.excludeSegments}
          onChange={(excludeSegments) => onChoose({ excludeSegments })}
        />
      </InlineFieldRow>
      {within && (
        <InlineFieldRow>
          <SegmentsOption
            label={labels.within}
            tooltip="Of these, too, users must belong to one"
            {...store}
            value={within.includeSegments}
            onChange={(includeSegments) => onChoose({ within: { ...within, includeSegments } })}
          />
        </InlineFieldRow>
      )}
    </>
  );
}

interface SegmentsProps extends Store {
  label: string;
  tooltip: string;
  value: SegmentRef[] | undefined;
  onChange: (value: SegmentRef[] | undefined) => void;
}

/** Several segments; variables and definitions can be typed, and definitions built. */
function SegmentsOption({ value = [], onChange, label, tooltip, ...store }: SegmentsProps) {
  return (
    <>
      <ListOption
        {...{ label, tooltip, placeholder: 'Choose, or type $variable', labelWidth: WIDE }}
        choices={segmentChoices(store, value)}
        value={value.map(writeSegment)}
        onChange={(chosen) => onChange(chosen?.map(readSegment))}
      />
      <Definitions
        {...store}
        value={value}
        onEdit={(definition, i) => onChange(value.map((one, other) => (other === i ? definition : one)))}
        onAdd={(definition) => onChange([...value, definition])}
      />
    </>
  );
}

interface DefinitionsProps extends Store {
  value: SegmentRef[];
  onEdit: (definition: SegmentDefinition, i: number) => void;
  onAdd: (definition: SegmentDefinition) => void;
}

/** Opens the builder on one of the definitions, or on a new one. */
function Definitions({ value, onEdit, onAdd, ...store }: DefinitionsProps) {
  const [opened, setOpened] = useState<number>();
  const first = opened === undefined ? undefined : value[opened];
  return (
    <Stack small style={{ alignItems: 'flex-start' }}>
      {value.map(
        (one, i) =>
          typeof one !== 'string' && (
            <Button
              key={i}
              {...{ variant: 'secondary', icon: 'pen', tooltip: sentenceOf(one, store) }}
              onClick={() => setOpened(i)}
            >
              Edit
            </Button>
          )
      )}
      <Button {...{ variant: 'secondary', icon: 'plus' }} onClick={() => setOpened(value.length)}>
        New condition
      </Button>
      {opened !== undefined && (
        <DefinitionModal
          datasource={store.datasource}
          definition={typeof first === 'string' ? undefined : first}
          onUse={(definition) => {
            setOpened(undefined);
            if (opened < value.length) {
              onEdit(definition, opened);
            } else {
              onAdd(definition);
            }
          }}
          onClose={() => setOpened(undefined)}
        />
      )}
    </Stack>
  );
}

interface SegmentProps extends Store {
  value: SegmentRef | undefined;
  onChange: (value: SegmentRef | undefined) => void;
}

/** One segment; a variable or a definition can be typed, and a definition built. */
export function SegmentOption({ value, onChange, ...store }: SegmentProps) {
  const text = value && writeSegment(value);
  const choices = segmentChoices(store, value ? [value] : []);
  const chosen = text && (choices.find((choice) => choice.value === text) ?? { value: text, label: text });
  return (
    <>
      <InlineField label="Segment" labelWidth={LABEL_WIDTH} tooltip="Whose users are listed">
        <Select
          aria-label="Segment"
          width={32}
          placeholder="Choose, or type $variable"
          allowCustomValue
          options={choices}
          value={chosen || null}
          onChange={(option) => onChange(option?.value ? readSegment(option.value) : undefined)}
        />
      </InlineField>
      <Definitions
        {...store}
        value={value && typeof value !== 'string' ? [value] : []}
        onEdit={onChange}
        onAdd={onChange}
      />
    </>
  );
}
