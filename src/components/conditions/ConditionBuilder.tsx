import { Button, IconButton, TextArea } from '@grafana/ui';
import React, { useMemo, useState } from 'react';

import { callResource } from '../../api/call';
import { useAllSegments, useAttributes, useValues } from '../../api/datasource';
import { messageOf, pathOf, statusOf } from '../../api/errors';
import { canUnwrap, type Edit, type Editing } from '../../conditions/edit';
import { toDefinition } from '../../conditions/tree';
import { type SegmentDefinition } from '../../query/types.gen';
import { t } from '../../text';
import { Stack } from '../Stack';

import { type Builder, BuilderProvider } from './builder';
import { AddButtons, GroupNode, NodeView } from './GroupNode';

interface Props {
  datasource: string;
  editing: Editing;
  onEdit: (what: Edit) => void;
  counts: Builder['counts'];
  problems: Builder['problems'];
  counting: boolean;
}

/** A definition of a segment, built by clicking. */
export function ConditionBuilder({ datasource, editing, onEdit, counts, problems, counting }: Props) {
  const attributes = useAttributes(datasource);
  const segments = useAllSegments(datasource);
  const loadValues = useValues(datasource);
  const { where } = editing.draft;
  const [chosen, setChosen] = useState<{ id?: string; at?: Editing['draft'] }>({});
  const [asText, setAsText] = useState(false);
  // What an edit gives the focus to is open, until something else is chosen.
  const open = chosen.at === editing.draft || !editing.focus ? chosen.id : editing.focus;
  const builder: Builder = useMemo(
    () => ({
      ...{ attributes, segments, loadValues, counts, problems, counting, open, edit: onEdit },
      alone: where.kind === 'group' && where.join === 'any',
      tables: [...new Set(attributes.filter(isOfTable).map(({ id }) => id.split('.')[0]))],
      setOpen: (id) => setChosen({ id, at: editing.draft }),
    }),
    [attributes, segments, loadValues, counts, problems, counting, open, onEdit, editing.draft, where]
  );
  const unwrappable = (id: string) => canUnwrap(where, id);
  return (
    <BuilderProvider value={builder}>
      <Stack direction="column">
        {asText ? (
          <DefinitionText
            datasource={datasource}
            definition={toDefinition(editing.draft)}
            onUse={(definition) => {
              onEdit({ do: 'load', definition });
              setAsText(false);
            }}
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
        <Stack>
          <IconButton
            {...{ name: 'history', disabled: editing.past.length === 0, tooltip: t('builder.undo') }}
            onClick={() => onEdit({ do: 'undo' })}
          />
          <IconButton
            {...{ name: 'repeat', disabled: editing.future.length === 0, tooltip: t('builder.redo') }}
            onClick={() => onEdit({ do: 'redo' })}
          />
          <Button variant="secondary" fill="text" size="sm" icon="brackets-curly" onClick={() => setAsText(!asText)}>
            {t(asText ? 'builder.asConditions' : 'builder.asText')}
          </Button>
        </Stack>
      </Stack>
    </BuilderProvider>
  );
}

/** Columns of reference tables are the attributes of users with a prefix that is not usr. */
const isOfTable = ({ id, level }: { id: string; level: string }) =>
  level === 'profile' && id.includes('.') && !id.startsWith('usr.');

interface TextProps {
  datasource: string;
  definition: SegmentDefinition;
  onUse: (definition: SegmentDefinition) => void;
}

/** The definition as JSON, to be copied, or replaced by another one that the backend takes. */
function DefinitionText({ datasource, definition, onUse }: TextProps) {
  const [text, setText] = useState(() => JSON.stringify(definition, null, 2));
  const [problem, setProblem] = useState<string>();
  const use = async () => {
    let read: SegmentDefinition;
    try {
      read = JSON.parse(text) as SegmentDefinition;
    } catch (error) {
      setProblem((error as Error).message);
      return;
    }
    try {
      await callResource(datasource, 'segments/preview', { method: 'POST', data: read });
    } catch (error) {
      // What takes too long is a definition, too.
      if (statusOf(error) === 400) {
        setProblem([pathOf(error), messageOf(error)].filter(Boolean).join(': '));
        return;
      }
    }
    onUse(read);
  };
  return (
    <Stack direction="column">
      <TextArea
        {...{ 'aria-label': t('builder.json'), rows: 16, value: text, invalid: Boolean(problem), spellCheck: false }}
        onChange={({ currentTarget: { value } }) => setText(value)}
      />
      {problem && <span role="alert">{problem}</span>}
      <Stack>
        <Button size="sm" onClick={() => void use()}>
          {t('builder.useText')}
        </Button>
      </Stack>
    </Stack>
  );
}
