import { css, cx } from '@emotion/css';
import { type GrafanaTheme2 } from '@grafana/data';
import { Button, useStyles2 } from '@grafana/ui';
import React from 'react';

import { type Group, type Node } from '../../conditions/tree';
import { groupWords, type Joined } from '../../conditions/words';
import { t } from '../../text';
import { Choice } from '../Choice';
import { Stack } from '../Stack';

import { AddCondition } from './AddCondition';
import { useBuilder } from './builder';
import { FirstCondition } from './FirstCondition';
import { NodeCount } from './NodeCount';
import { NodeMenu } from './NodeMenu';
import { RowNode } from './RowNode';

interface Props {
  group: Group;
  /** It is the whole definition, and cannot be moved or taken away. */
  whole?: boolean;
  canUnwrap: (id: string) => boolean;
}

const JOINS: Joined[] = ['all', 'any', 'none', 'not all'];

/** Conditions and how they are joined. */
export function GroupNode({ group, whole, canUnwrap }: Props) {
  const styles = useStyles2(getStyles);
  const { edit } = useBuilder();
  const { id } = group;
  const isEmpty = group.nodes.length === 0;
  const words = groupWords(group);
  const name = t(`builder.join.${words}`);
  return (
    <div role="group" aria-label={t('builder.group', { name })} className={cx(styles.group, !whole && styles.inner)}>
      <Stack spread>
        <Stack>
          <span>{t(!whole ? 'builder.match' : isEmpty ? 'builder.usersWhoOne' : 'builder.usersWho')}</span>
          {!(whole && isEmpty) && (
            <Choice
              label={t('builder.join')}
              width={18}
              options={JOINS.map((value) => ({ value, label: t(`builder.join.${value}`) }))}
              value={words}
              onChange={(join) => edit({ do: 'join', id, join })}
            />
          )}
        </Stack>
        {!whole && (
          <Stack>
            <NodeCount id={id} />
            <NodeMenu node={group} name={name} canUnwrap={canUnwrap(id)} />
          </Stack>
        )}
      </Stack>
      {!isEmpty && (
        <ul className={styles.list}>
          {group.nodes.map((node) => (
            <li key={node.id}>
              <NodeView {...{ node, canUnwrap }} />
            </li>
          ))}
        </ul>
      )}
      <AddButtons to={id} />
      {whole && isEmpty && <FirstCondition onAdd={(condition) => edit({ do: 'add', to: id, condition })} />}
    </div>
  );
}

/** A node that stands in a group. */
export function NodeView({ node, canUnwrap }: { node: Node; canUnwrap: Props['canUnwrap'] }) {
  return node.kind === 'group' ? <GroupNode {...{ group: node, canUnwrap }} /> : <RowNode row={node} />;
}

/** What can be added to a group. */
export function AddButtons({ to }: { to: string }) {
  const { edit } = useBuilder();
  return (
    <Stack>
      <AddCondition
        {...{ text: t('builder.addCondition'), size: 'sm' }}
        onAdd={(condition) => edit({ do: 'add', to, condition })}
      />
      <Button
        {...{ variant: 'secondary', size: 'sm', icon: 'folder-plus', fill: 'text' }}
        onClick={() => edit({ do: 'add', to, condition: { any: [{ users: '' }] } })}
      >
        {t('builder.addGroup')}
      </Button>
    </Stack>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  group: css({ display: 'flex', flexDirection: 'column', gap: theme.spacing(1) }),
  inner: css({
    ...{ padding: theme.spacing(1), borderLeft: `2px solid ${theme.colors.border.strong}` },
    background: theme.colors.background.secondary,
  }),
  list: css({ display: 'flex', flexDirection: 'column', gap: theme.spacing(1), listStyle: 'none' }),
});
