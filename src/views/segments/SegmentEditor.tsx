import { css } from '@emotion/css';
import { type GrafanaTheme2 } from '@grafana/data';
import { Alert, Button, useStyles2 } from '@grafana/ui';
import React, { useEffect, useMemo, useReducer, useState } from 'react';

import { mayEdit } from '../../api/roles';
import { usePreview } from '../../api/usePreview';
import { ConditionBuilder } from '../../components/conditions/ConditionBuilder';
import { begin, edit } from '../../conditions/edit';
import { countUnfinished, finishedPart, idAt, toDefinition } from '../../conditions/tree';
import { type Segment } from '../../query/types.gen';
import { t } from '../../text';

import { keepDraft, readDraft } from './drafts';
import { History } from './History';
import { PreviewLine } from './PreviewLine';
import { SegmentActions } from './SegmentActions';
import { type Places } from './SegmentView';

interface Props {
  datasource: string;
  /** Undefined for a new one. */
  segment?: Segment;
  places: Places;
  /** It was saved or computed. */
  onChanged: () => void;
}

/** A segment with its conditions and what they yield, live. */
export function SegmentEditor({ datasource, segment, places, onChanged }: Props) {
  const styles = useStyles2(getStyles);
  const id = segment?.id;
  const [kept] = useState(() => readDraft(datasource, id));
  const stored = segment?.definition;
  const isStatic = segment?.kind === 'static';
  const [editing, dispatch] = useReducer(edit, kept ?? stored, begin);
  const { draft } = editing;
  const definition = useMemo(() => toDefinition(draft), [draft]);
  const part = useMemo(() => finishedPart(draft), [draft]);
  const previewed = usePreview(datasource, isStatic ? undefined : part.definition);
  const { preview, refusal, counting } = previewed;
  const isChanged = stored ? JSON.stringify(definition) !== JSON.stringify(stored) : part.definition !== undefined;

  useEffect(() => {
    keepDraft(datasource, id, isChanged ? definition : undefined);
  }, [datasource, id, isChanged, definition]);

  // Numbers stay with the conditions that they were counted for.
  const [counted, setCounted] = useState<{ of?: typeof preview; counts: Map<string, number> }>({ counts: new Map() });
  if (!counting && counted.of !== preview) {
    const levels = preview?.waterfall ?? [];
    setCounted({
      of: preview,
      counts: new Map(levels.map(({ path, users }) => [idAt(part.ids, path) ?? path, users])),
    });
  }
  const problems = useMemo(() => {
    const at = refusal?.path ? idAt(part.ids, refusal.path) : undefined;
    return new Map(at && refusal && !counting ? [[at, refusal.message]] : []);
  }, [refusal, counting, part]);

  const unfinished = countUnfinished(draft.where);
  return (
    <div className={styles.view} data-testid="segment view">
      <header>
        <h2 className={styles.name}>{segment?.name ?? t('segments.new')}</h2>
        {segment?.description && <p className={styles.note}>{segment.description}</p>}
      </header>
      {kept && isChanged && stored && (
        <Alert severity="info" title={t('segments.draft')}>
          <Button size="sm" variant="secondary" onClick={() => dispatch({ do: 'load', definition: stored })}>
            {t('segments.discard')}
          </Button>
        </Alert>
      )}
      <SegmentActions
        {...{ datasource, segment, places, isChanged, onChanged, preview: counting ? undefined : preview }}
        definition={part.definition}
        onSaved={() => keepDraft(datasource, id, undefined)}
      />
      {!mayEdit() && <p className={styles.note}>{t('segments.role')}</p>}
      {isStatic ? (
        <p>{t('segments.list', { n: segment.listed ?? 0 })}</p>
      ) : (
        <>
          <ConditionBuilder
            {...{ datasource, editing, problems, counting, counts: counted.counts, onEdit: dispatch }}
          />
          <PreviewLine
            {...{ previewed, nothing: !part.definition, unfinished, told: problems.size > 0, hrefOf: places.user }}
          />
        </>
      )}
      {segment && (
        <History {...{ datasource, id: segment.id, onUse: (definition) => dispatch({ do: 'load', definition }) }} />
      )}
    </div>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  view: css({ display: 'flex', flexDirection: 'column', gap: theme.spacing(2), maxWidth: 1200 }),
  name: css({ ...theme.typography.h3, margin: 0 }),
  note: css({ color: theme.colors.text.secondary, margin: 0 }),
});
