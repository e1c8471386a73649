import { Button, IconButton } from '@grafana/ui';
import React, { type CSSProperties, useCallback, useMemo, useState } from 'react';

import { useAllSegments, useAttributes, useValues } from '../../api/datasource';
import { type Previewed } from '../../api/usePreview';
import { besides } from '../../conditions/besides';
import { canUnwrap, type Edit, type Editing } from '../../conditions/edit';
import { DEFAULT_ZONE } from '../../conditions/settings';
import { hasKind, toDefinition } from '../../conditions/tree';
import { type SegmentDefinition } from '../../query/types.gen';
import { t } from '../../text';
import { Stack } from '../Stack';

import { type Builder, BuilderProvider } from './builder';
import { DefinitionSettings } from './DefinitionSettings';
import { DefinitionText } from './DefinitionText';
import { AddButtons, GroupNode, NodeView } from './GroupNode';
import { useUsed } from './useUsed';

/** Its fields are laid out by its own width; what they suggest lies over what comes below. */
const BUILDER: CSSProperties = { containerType: 'inline-size', position: 'relative', zIndex: 1 };

const NONE: never[] = [];

interface Props {
  datasource: string;
  editing: Editing;
  onEdit: (what: Edit) => void;
  counts: Builder['counts'];
  problems: Builder['problems'];
  counting: boolean;
  previewed: Pick<Previewed, 'refusal' | 'preview'>;
  /** All that narrows the users besides what is built. */
  among?: SegmentDefinition;
}

/** A definition of a segment, built by clicking. */
export function ConditionBuilder({ datasource, editing, onEdit, counts, problems, counting, previewed, among }: Props) {
  const attributes = useAttributes(datasource);
  const loadValues = useValues(datasource);
  const { where } = editing.draft;
  const segments = useAllSegments(datasource, hasKind(where, 'segment'));
  const [chosen, setChosen] = useState<{ id?: string; at?: Editing['draft'] }>({});
  const [asText, setAsText] = useState(false);
  // What an edit gives the focus to is open, until something else is chosen.
  const open = chosen.at === editing.draft || !editing.focus ? chosen.id : editing.focus;
  const rest = useMemo(
    () => JSON.stringify(open ? besides(editing.draft, open, among) : undefined),
    [editing.draft, open, among]
  );
  const loadUsed = useUsed(datasource, rest, attributes);
  const { refusal, preview } = previewed;
  const unknown = preview?.unknown ?? NONE;
  const builder: Builder = useMemo(
    () => ({
      ...{
        datasource,
        attributes,
        segments,
        loadValues,
        loadUsed,
        rest,
        counts,
        problems,
        counting,
        unknown,
        open,
        edit: onEdit,
      },
      anonymous: editing.draft.includeAnonymous ?? false,
      zone: editing.draft.timeZone ?? DEFAULT_ZONE,
      alone: where.kind === 'group' && where.join === 'any',
      tables: [...new Set(attributes.filter(isOfTable).map(({ id }) => id.split('.')[0]))],
      setOpen: (id) => setChosen({ id, at: editing.draft }),
    }),
    [
      datasource,
      attributes,
      segments,
      loadValues,
      loadUsed,
      rest,
      counts,
      problems,
      counting,
      unknown,
      open,
      onEdit,
      editing.draft,
      where,
    ]
  );
  const showConditions = useCallback(() => setAsText(false), []);
  // What comes back is read as a sentence first, with no menu over it.
  const goBack = (what: 'undo' | 'redo') => {
    setChosen({});
    onEdit({ do: what });
  };
  const unwrappable = (id: string) => canUnwrap(where, id);
  return (
    <BuilderProvider value={builder}>
      <Stack direction="column" style={BUILDER}>
        {asText ? (
          <DefinitionText
            {...{ definition: toDefinition(editing.draft), refusal, counting, onDone: showConditions }}
            onUse={(definition) => onEdit({ do: 'load', definition })}
          />
        ) : where.kind === 'group' ? (
          <GroupNode whole group={where} canUnwrap={unwrappable} />
        ) : (
          <>
            <span>{t('builder.usersWhoOne')}</span>
            <NodeView node={where} canUnwrap={unwrappable} />
            <AddButtons to={where.id} />
          </>
        )}
        <Stack wrap>
          <IconButton
            {...{ name: 'history', disabled: editing.past.length === 0, tooltip: t('builder.undo') }}
            onClick={() => goBack('undo')}
          />
          <IconButton
            {...{ name: 'repeat', disabled: editing.future.length === 0, tooltip: t('builder.redo') }}
            onClick={() => goBack('redo')}
          />
          <Button variant="secondary" fill="text" size="sm" icon="brackets-curly" onClick={() => setAsText(!asText)}>
            {t(asText ? 'builder.asConditions' : 'builder.asText')}
          </Button>
          {!asText && <DefinitionSettings draft={editing.draft} />}
        </Stack>
      </Stack>
    </BuilderProvider>
  );
}

/** Columns of reference tables are the attributes of users with a prefix that is not usr. */
const isOfTable = ({ id, level }: { id: string; level: string }) =>
  level === 'profile' && id.includes('.') && !id.startsWith('usr.');
