import { css } from '@emotion/css';
import { type GrafanaTheme2, type SelectableValue } from '@grafana/data';
import { Button, LinkButton, useStyles2 } from '@grafana/ui';
import React, { useEffect, useRef } from 'react';

import { useResource } from '../../api/useResource';
import { type Action, Actions } from '../../components/Actions';
import { Choice } from '../../components/Choice';
import { Deleted } from '../../components/Deleted';
import { EmptyState } from '../../components/EmptyState';
import { Failure } from '../../components/Failure';
import { LoadingLine } from '../../components/LoadingLine';
import { SearchBox } from '../../components/SearchBox';
import { Stack } from '../../components/Stack';
import { takeAlong } from '../../components/takeAlong';
import { SEGMENTS_PANEL_ID } from '../../constants';
import { type Segment, type SegmentKind } from '../../query/types.gen';
import { t } from '../../text';

import { arrange, DEFAULT_LIST, FRESHNESS, type ListState, type SegmentFreshness } from './list';
import { SegmentsTable } from './SegmentsTable';
import { segmentPath } from './useSegment';

interface Props {
  datasource: string;
  state: ListState;
  /** `typing` is true for a change that is no step to come back to. */
  onState: (state: ListState, typing?: boolean) => void;
  /** Where one segment is, undefined for a new one. */
  hrefOf: (id?: string) => string;
  /** Where a file becomes one. */
  fileHref: string;
  /** It was deleted just now. */
  deleted?: { id: string; name: string };
  onDeleted?: (deleted: undefined) => void;
  /** On a dashboard: changes where it asks anew. */
  asked?: string;
}

const LIST = {
  ...{ panel: SEGMENTS_PANEL_ID, title: t('segments.title') },
  query: { queryType: 'segments' as const, options: {} },
};

/** All segments: what they are, how large, and how that has changed. */
export function SegmentsView({ datasource, state, deleted, onDeleted, onState, hrefOf, fileHref, asked }: Props) {
  const styles = useStyles2(getStyles);
  const { value: segments, error, again } = useResource<Segment[]>(datasource, 'segments?sizes=90d');
  const last = useRef(asked);
  useEffect(() => {
    if (last.current !== asked) {
      last.current = asked;
      again();
    }
  }, [asked, again]);
  const found = segments && arrange(segments, state);
  const fromFile: Action = { text: t('tables.fromFile'), icon: 'upload', href: fileHref };
  return (
    <div className={styles.view} data-testid="segments view">
      <Stack spread wrap>
        <div className={styles.filters}>
          <SearchBox
            label={t('segments.search')}
            value={state.search}
            onChange={(search) => onState({ ...state, search }, true)}
          />
          <Choice<SegmentKind | ''>
            label={t('segments.kind')}
            width={20}
            options={KINDS}
            value={state.kind ?? ''}
            onChange={(kind) => onState({ ...state, kind: kind || undefined })}
          />
          <Choice<SegmentFreshness | ''>
            label={t('segments.state')}
            width={20}
            options={STATES}
            value={state.freshness ?? ''}
            onChange={(freshness) => onState({ ...state, freshness: freshness || undefined })}
          />
        </div>
        <Stack wrap>
          <Actions actions={asked === undefined ? [takeAlong(datasource, LIST), fromFile] : [fromFile]} />
          <LinkButton icon="plus" href={hrefOf()}>
            {t('segments.new')}
          </LinkButton>
        </Stack>
      </Stack>
      {deleted && (
        <Deleted
          {...{ datasource, path: segmentPath(deleted.id), name: deleted.name, onClose: () => onDeleted?.(undefined) }}
          onRestored={() => {
            onDeleted?.(undefined);
            again();
          }}
        />
      )}
      <LoadingLine loading={!segments && !error} />
      {error && <Failure message={error} onRetry={again} />}
      {segments?.length === 0 && (
        <EmptyState icon="users-alt" title={t('segments.none')} help={t('segments.noneHelp')} />
      )}
      {found?.length === 0 && segments!.length > 0 && (
        <EmptyState title={t('segments.noMatch')}>
          <Button onClick={() => onState({ ...DEFAULT_LIST, sort: state.sort })}>{t('segments.showAll')}</Button>
        </EmptyState>
      )}
      {found && found.length > 0 && (
        <SegmentsTable
          {...{ segments: found, sort: state.sort, hrefOf }}
          onSort={(sort) => onState({ ...state, sort })}
        />
      )}
    </div>
  );
}

const KINDS: Array<SelectableValue<SegmentKind | ''>> = [
  { value: '', label: t('segments.allKinds') },
  { value: 'dynamic', label: t('segments.kind.dynamic') },
  { value: 'static', label: t('segments.kind.static') },
];

const STATES: Array<SelectableValue<SegmentFreshness | ''>> = [
  { value: '', label: t('segments.allStates') },
  ...FRESHNESS.map((value) => ({ value, label: t(`segments.state.${value}`) })),
];

const getStyles = (theme: GrafanaTheme2) => ({
  view: css({ display: 'flex', flexDirection: 'column', gap: theme.spacing(1), containerType: 'inline-size' }),
  filters: css({ display: 'flex', flexWrap: 'wrap', flex: '1 1 580px', minWidth: 0, gap: theme.spacing(1) }),
});
