import { Button, type ButtonProps, Dropdown, Menu } from '@grafana/ui';
import React from 'react';

import { type SegmentCondition } from '../../query/types.gen';
import { t } from '../../text';

const EVENT = { event: '' };
const NEW: Array<{ text: Parameters<typeof t>[0]; condition: SegmentCondition }> = [
  { text: 'builder.add.have', condition: { users: '' } },
  { text: 'builder.add.did', condition: { did: EVENT } },
  { text: 'builder.add.never', condition: { not: { did: EVENT } } },
  { text: 'builder.add.order', condition: { sequence: { steps: [EVENT, EVENT] } } },
  { text: 'builder.add.dropped', condition: { sequence: { steps: [EVENT, { not: '' }] } } },
  {
    text: 'builder.add.neverThrough',
    condition: { all: [{ did: EVENT }, { not: { sequence: { steps: [EVENT, EVENT], scope: 'user' } } }] },
  },
  { text: 'builder.add.segment', condition: { segment: '' } },
  { text: 'builder.add.table', condition: { table: '' } },
];

interface Props {
  text: string;
  size?: ButtonProps['size'];
  onAdd: (condition: SegmentCondition) => void;
}

/** A button that asks what kind of condition is wanted. */
export function AddCondition({ text, size, onAdd }: Props) {
  const menu = (
    <Menu>
      {NEW.map(({ text, condition }) => (
        <Menu.Item key={text} label={t(text)} onClick={() => onAdd(condition)} />
      ))}
    </Menu>
  );
  return (
    <Dropdown overlay={menu} placement="bottom-start">
      <Button {...{ variant: 'secondary', size, icon: 'plus' }}>{text}</Button>
    </Dropdown>
  );
}
