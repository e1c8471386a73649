import { ContextMenu, Menu } from '@grafana/ui';
import React from 'react';

import { t } from '../../text';

import { find, type Graph } from './graph';
import { ROWS, type PathwaysState } from './state';

/** A node or link whose menu is open, and where. */
export interface Opened {
  id: string;
  x: number;
  y: number;
  /** Of those compared with. */
  compared: boolean;
}

interface Props extends Opened {
  graph: Graph;
  state: PathwaysState;
  onChange: (part: Partial<PathwaysState>) => void;
  onClose: () => void;
}

/** What can be done with a node or link of pathways. */
export function StepMenu({ id, x, y, compared, graph, state, onChange, onClose }: Props) {
  const { node } = find(graph, id);
  const more = ROWS.find((rows) => rows > state.rows);
  const items = () => (
    <Menu.Group>
      {node?.kind === 'page' && (
        <>
          <Menu.Item
            label={t('pathways.startHere')}
            icon="arrow-right"
            onClick={() => onChange({ anchor: 'after', page: node.name })}
          />
          <Menu.Item
            label={t('pathways.endHere')}
            icon="arrow-left"
            onClick={() => onChange({ anchor: 'before', page: node.name })}
          />
        </>
      )}
      {(node?.kind === 'page' || node?.kind === 'action') && (
        <Menu.Item
          label={t('pathways.hideThis')}
          icon="eye-slash"
          onClick={() => onChange({ hide: [...state.hide, node.name] })}
        />
      )}
      {node?.kind === 'other' && more && (
        <Menu.Item label={t('pathways.moreRows')} icon="plus" onClick={() => onChange({ rows: more })} />
      )}
      <Menu.Item
        label={t('pathways.showSessions')}
        icon="history"
        onClick={() => onChange({ of: id, compared, list: 'sessions' })}
      />
      <Menu.Item
        label={t('pathways.showUsers')}
        icon="users-alt"
        onClick={() => onChange({ of: id, compared, list: 'users' })}
      />
      {node && (node.kind === 'page' || node.kind === 'action') && (
        <Menu.Item
          label={t('pathways.copyName')}
          icon="copy"
          onClick={() => void navigator.clipboard?.writeText(node.name)}
        />
      )}
    </Menu.Group>
  );
  return <ContextMenu {...{ x, y, onClose, renderMenuItems: items, focusOnOpen: true }} />;
}
