import { css } from '@emotion/css';
import { Button, type ButtonProps, Dropdown, Menu, useStyles2 } from '@grafana/ui';
import React from 'react';

import { type SegmentCondition } from '../../query/types.gen';
import { t, type TextKey } from '../../text';

const EVENT = { event: '' };

interface Kind {
  text: TextKey;
  condition: SegmentCondition;
}

/** What can be added, what is wanted most often first. */
export const ADDED: Array<{ text: TextKey; kinds: Kind[] }> = [
  {
    text: 'builder.add.once',
    kinds: [
      { text: 'builder.add.did', condition: { did: EVENT } },
      { text: 'builder.add.never', condition: { not: { did: EVENT } } },
    ],
  },
  {
    text: 'builder.add.several',
    kinds: [
      { text: 'builder.add.order', condition: { sequence: { steps: [EVENT, EVENT] } } },
      {
        text: 'builder.add.neverThrough',
        condition: { all: [{ did: EVENT }, { not: { sequence: { steps: [EVENT, EVENT], scope: 'user' } } }] },
      },
      { text: 'builder.add.dropped', condition: { sequence: { steps: [EVENT, { not: '' }] } } },
    ],
  },
  {
    text: 'builder.add.known',
    kinds: [
      { text: 'builder.add.have', condition: { users: '' } },
      { text: 'builder.add.segment', condition: { segment: '' } },
      { text: 'builder.add.table', condition: { table: '' } },
    ],
  },
];

interface Props {
  text: string;
  size?: ButtonProps['size'];
  onAdd: (condition: SegmentCondition) => void;
}

/** A button that asks what kind of condition is wanted. */
export function AddCondition({ text, size, onAdd }: Props) {
  const styles = useStyles2(getStyles);
  const menu = (
    <Menu>
      {ADDED.map(({ text, kinds }) => (
        <Menu.Group key={text} label={t(text)}>
          {kinds.map(({ text, condition }) => (
            <Menu.Item key={text} label={t(text)} className={styles.item} onClick={() => onAdd(condition)} />
          ))}
        </Menu.Group>
      ))}
    </Menu>
  );
  return (
    <Dropdown overlay={menu} placement="bottom-start">
      <Button {...{ variant: 'secondary', size, icon: 'plus' }}>{text}</Button>
    </Dropdown>
  );
}

const getStyles = () => ({
  // On a phone in two lines.
  item: css({
    ...{ maxWidth: 'calc(100vw - 32px)', textAlign: 'left' },
    '&&, && *': { whiteSpace: 'normal', overflow: 'visible' },
  }),
});
