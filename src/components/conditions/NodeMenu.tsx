import { Dropdown, IconButton, Menu } from '@grafana/ui';
import React from 'react';

import { type Node } from '../../conditions/tree';
import { t } from '../../text';

import { useBuilder } from './builder';

interface Props {
  node: Node;
  /** As people read it. */
  name: string;
  /** Its conditions may take its place. */
  canUnwrap?: boolean;
}

/** What can be done with a condition or a group as a whole. */
export function NodeMenu({ node: { id, kind }, name, canUnwrap }: Props) {
  const { edit } = useBuilder();
  const menu = (
    <Menu>
      <Menu.Item icon="copy" label={t('builder.duplicate')} onClick={() => edit({ do: 'duplicate', id })} />
      <Menu.Item icon="arrow-up" label={t('builder.up')} onClick={() => edit({ do: 'up', id })} />
      <Menu.Item icon="arrow-down" label={t('builder.down')} onClick={() => edit({ do: 'down', id })} />
      <Menu.Item icon="folder-plus" label={t('builder.wrap')} onClick={() => edit({ do: 'wrap', id, join: 'any' })} />
      {kind === 'group' && (
        <Menu.Item
          {...{ icon: 'folder-open', label: t('builder.unwrap'), disabled: !canUnwrap }}
          onClick={() => edit({ do: 'unwrap', id })}
        />
      )}
      <Menu.Divider />
      <Menu.Item icon="trash-alt" label={t('builder.remove')} destructive onClick={() => edit({ do: 'remove', id })} />
    </Menu>
  );
  return (
    <Dropdown overlay={menu} placement="bottom-end">
      <IconButton name="ellipsis-v" tooltip={t('builder.menu', { name })} />
    </Dropdown>
  );
}
