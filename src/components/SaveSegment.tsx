import { css } from '@emotion/css';
import { useStyles2 } from '@grafana/ui';
import React from 'react';

import { callResource } from '../api/call';
import { usePreview } from '../api/usePreview';
import { type SegmentDefinition, type SegmentPreview } from '../query/types.gen';
import { t } from '../text';

import { countText } from './Count';
import { type Named, NameForm } from './NameForm';

export type Saved = Named;

interface Props {
  datasource: string;
  definition: SegmentDefinition;
  /** What it yields, where that is known already. */
  known?: SegmentPreview;
  onSaved: (segment: Saved) => void;
  onClose: () => void;
}

/** Names a definition and keeps it, with its sentence and size in view. */
export function SaveSegment({ datasource, definition, known, onSaved, onClose }: Props) {
  const styles = useStyles2(getStyles);
  const asked = usePreview(datasource, known ? undefined : definition);
  const preview = known ?? asked.preview;
  const save = async (segment: Named) => {
    await callResource(datasource, 'segments', { method: 'POST', data: { ...segment, kind: 'dynamic', definition } });
    // The list shows the segment next, so that it must have been computed.
    await callResource(datasource, `segments/${segment.id}/refresh`, { method: 'POST' });
    onSaved(segment);
  };
  return (
    <NameForm {...{ title: t('save.title'), action: t('save.save'), onSubmit: save, onClose }}>
      <p className={styles.sentence}>{preview?.sentence ?? asked.refusal?.message ?? t('save.counting')}</p>
      {preview && <p>{countText(preview.size, preview.universe)}</p>}
    </NameForm>
  );
}

const getStyles = () => ({ sentence: css({ '&::first-letter': { textTransform: 'uppercase' } }) });
