import { type SelectableValue } from '@grafana/data';
import { InlineField, InlineFieldRow, Select } from '@grafana/ui';
import React, { useEffect, useRef, useState } from 'react';

import { type Attribute } from '../../query/types.gen';

import { TextOption } from './options';

const LEVELS = { profile: 'Users', session: 'Sessions', event: 'Events' };

interface Props {
  label?: string;
  tooltip?: string;
  placeholder?: string;
  value: string | undefined;
  attributes: Attribute[];
  onType: (filter: string | undefined) => void;
  onRun: () => void;
}

/** A text of the filter language, and a menu that adds an attribute to it. */
export function FilterOption({ label = 'Filter', tooltip, placeholder, value, attributes, onType, onRun }: Props) {
  // The menu itself stays empty: what is chosen goes into the text, and a new key makes it forget.
  const [added, setAdded] = useState(0);
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (added > 0) {
      input.current?.focus();
    }
  }, [added]);
  const add = (id: string) => {
    setAdded(added + 1);
    onType(withAttribute(value, id));
  };
  return (
    <InlineFieldRow>
      <TextOption
        label={label}
        tooltip={
          tooltip ??
          'Conditions such as country:BR page:/cart* -browser_name:Firefox price:>=100; AND unless OR is written'
        }
        placeholder={placeholder ?? 'country:BR page:/cart* action:"Add to cart"'}
        inputRef={input}
        value={value}
        onType={onType}
        onRun={onRun}
      />
      <InlineField>
        <Select
          key={added}
          aria-label={`Add attribute to ${label.toLowerCase()}`}
          width={20}
          placeholder="Add attribute"
          options={byLevel(attributes)}
          value={null}
          onChange={(chosen) => chosen?.value && add(chosen.value)}
        />
      </InlineField>
    </InlineFieldRow>
  );
}

function byLevel(attributes: Attribute[]): Array<SelectableValue<string>> {
  return (['event', 'session', 'profile'] as const).map((level) => ({
    label: LEVELS[level],
    options: attributes
      .filter((attribute) => attribute.level === level)
      .map(({ id, name }) => ({ value: id, label: name, description: id })),
  }));
}

/** Adds the beginning of a condition, its value still to be typed. */
export function withAttribute(filter: string | undefined, id: string): string {
  const name = /^[\w.@/-]+$/.test(id) ? id : `"${id.replace(/["\\]/g, '\\$&')}"`;
  return [filter?.trim(), `${name}:`].filter(Boolean).join(' ');
}
