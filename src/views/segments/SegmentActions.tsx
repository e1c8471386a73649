import { Alert, Button, ConfirmModal, LinkButton } from '@grafana/ui';
import React, { useState } from 'react';

import { callResource } from '../../api/call';
import { download } from '../../api/download';
import { messageOf, statusOf } from '../../api/errors';
import { mayEdit } from '../../api/roles';
import { forgetAnswers } from '../../api/useAnswers';
import { EVERYBODY } from '../../audience/audience';
import { type Action, Actions } from '../../components/Actions';
import { BackLink } from '../../components/BackLink';
import { SaveSegment } from '../../components/SaveSegment';
import { Stack } from '../../components/Stack';
import { spanOf } from '../../conditions/span';
import { type Segment, type SegmentDefinition, type SegmentPreview } from '../../query/types.gen';
import { t } from '../../text';

import { Conflict } from './Conflict';
import { Freeze } from './Freeze';
import { Freshness } from './Freshness';
import { type Places } from './SegmentView';
import { segmentPath } from './useSegment';

interface Props {
  datasource: string;
  segment?: Segment;
  /** What would be saved; undefined as long as nothing is said. */
  definition?: SegmentDefinition;
  preview?: SegmentPreview;
  isChanged: boolean;
  places: Places;
  onSaved: () => void;
  onChanged: () => void;
}

/** What can be done with a segment as a whole. */
export function SegmentActions({ datasource, segment, definition, preview, isChanged, places, ...on }: Props) {
  const [naming, setNaming] = useState(false);
  const [freezing, setFreezing] = useState(false);
  const [deleting, setDeleting] = useState(false);
  const [busy, setBusy] = useState<'compute' | 'save'>();
  const [problem, setProblem] = useState<string>();
  const [theirs, setTheirs] = useState<Segment>();
  const may = mayEdit();
  const path = segment && segmentPath(segment.id);

  const attempt = async (what: 'compute' | 'save', act: () => Promise<void>) => {
    setBusy(what);
    setProblem(undefined);
    try {
      await act();
    } catch (error) {
      setProblem(messageOf(error));
    } finally {
      setBusy(undefined);
    }
  };
  const changed = () => {
    forgetAnswers();
    on.onChanged();
  };
  const save = (version: number) =>
    attempt('save', async () => {
      try {
        await callResource(datasource, path!, { method: 'PUT', data: { ...segment, definition, version } });
      } catch (error) {
        const now = statusOf(error) === 409 ? await callResource<Segment>(datasource, path!) : undefined;
        if (now && now.version !== version) {
          setTheirs(now);
          return;
        }
        throw error;
      }
      await callResource(datasource, `${path}/refresh`, { method: 'POST' });
      on.onSaved();
      changed();
    });
  const compute = () =>
    attempt('compute', async () => {
      await callResource(datasource, `${path}/refresh`, { method: 'POST' });
      changed();
    });
  const exportUsers = () =>
    attempt('compute', async () => {
      const file = await callResource<Blob>(datasource, `${path}/members.csv`, { responseType: 'blob' });
      download(file, segment!.id);
    });
  const remove = () =>
    attempt('save', async () => {
      await callResource(datasource, path!, { method: 'DELETE' });
      on.onSaved();
      forgetAnswers();
      places.leave(segment!);
    });
  const { segments, ...rest } = EVERYBODY;
  const who = segment && !isChanged ? { ...rest, segments: [segment.id] } : { ...rest, segments, definition };
  const of = definition ?? segment?.definition;
  const leave = of || segment ? places.leaving(who, of && spanOf(of)) : undefined;
  const usedBy = segment?.usedBy ?? [];
  const actions: Action[] = [
    {
      ...{ text: t(busy === 'compute' ? 'segments.computing' : 'segments.compute'), icon: 'sync' },
      ...{ disabled: Boolean(busy), onClick: () => void compute() },
    },
    {
      ...{ text: t('users.export'), icon: 'download-alt' },
      ...{ disabled: Boolean(busy), onClick: () => void exportUsers() },
    },
    { text: t('segments.freeze'), icon: 'lock', disabled: Boolean(busy), onClick: () => setFreezing(true) },
    {
      ...{ text: t('segments.delete'), icon: 'trash-alt', destructive: true },
      ...{ disabled: Boolean(busy) || usedBy.length > 0, onClick: () => setDeleting(true) },
      reason: usedBy.length > 0 ? t('segments.usedByReason', { names: usedBy.join(', ') }) : undefined,
    },
  ];
  return (
    <Stack direction="column">
      <Stack wrap spread>
        <Stack wrap>
          <BackLink href={places.list} text={t('segments.back')} />
          {segment && <Freshness segment={segment} />}
        </Stack>
        <Stack wrap>
          {leave && (
            <LinkButton
              {...{ variant: 'secondary', icon: 'code-branch', href: leave }}
              tooltip={segment && isChanged ? t('segments.leaveChanged') : undefined}
            >
              {t('segments.leave')}
            </LinkButton>
          )}
          {segment && may && <Actions actions={actions} />}
          {segment?.kind !== 'static' && (
            <>
              <Button
                {...{ variant: segment ? 'secondary' : 'primary', icon: 'save', disabled: !may || !definition }}
                tooltip={may ? undefined : t('segments.role')}
                onClick={() => setNaming(true)}
              >
                {segment ? t('segments.saveNew') : t('segments.save')}
              </Button>
              {segment && (
                <Button
                  {...{ icon: 'save', disabled: !may || !isChanged || !definition || Boolean(busy) }}
                  tooltip={may ? undefined : t('segments.role')}
                  onClick={() => void save(segment.version)}
                >
                  {t('segments.save')}
                </Button>
              )}
            </>
          )}
        </Stack>
      </Stack>
      {problem && <Alert severity="error" title={problem} onRemove={() => setProblem(undefined)} />}
      {theirs && (
        <Conflict
          {...{ theirs, mine: preview?.sentence }}
          onTheirs={() => {
            on.onSaved();
            changed();
          }}
          onMine={() => {
            setTheirs(undefined);
            void save(theirs.version);
          }}
        />
      )}
      {naming && definition && (
        <SaveSegment
          {...{ datasource, definition, known: preview, onClose: () => setNaming(false) }}
          onSaved={({ id }) => {
            on.onSaved();
            forgetAnswers();
            places.show(id);
          }}
        />
      )}
      {freezing && segment && (
        <Freeze {...{ datasource, segment, onFrozen: places.show, onClose: () => setFreezing(false) }} />
      )}
      {segment && (
        <ConfirmModal
          isOpen={deleting}
          title={t('segments.delete')}
          body={t('segments.deleteBody', { name: segment.name })}
          confirmText={t('segments.delete')}
          onConfirm={() => void remove()}
          onDismiss={() => setDeleting(false)}
        />
      )}
    </Stack>
  );
}
