import { type RawTimeRange } from '@grafana/data';
import { Alert } from '@grafana/ui';
import React, { useEffect } from 'react';

import { type Audience } from '../../audience/audience';
import { Failure } from '../../components/Failure';
import { LoadingLine } from '../../components/LoadingLine';
import { type Segment } from '../../query/types.gen';
import { t } from '../../text';

import { SegmentEditor } from './SegmentEditor';
import { type SegmentState } from './state';
import { useSegment } from './useSegment';

export interface Places {
  /** All segments. */
  list: string;
  /** One segment. */
  segment: (id: string) => string;
  /** The page of users, with those of a segment. */
  users: (id: string) => string;
  user: (id: string) => string;
  /** Where those of an audience were last. */
  leaving: (audience: Audience, range?: RawTimeRange) => string;
  /** Another segment is shown from now on. */
  show: (id: string) => void;
  /** The list is shown, and that this segment was deleted. */
  leave: (deleted: Segment) => void;
}

interface Props {
  datasource: string;
  /** Undefined for a new one. */
  id?: string;
  state: SegmentState;
  places: Places;
  /** It was found. */
  onKnown: (segment: Segment) => void;
  /** `typing` is true for a change that is no step to come back to. */
  onState: (state: SegmentState, typing?: boolean) => void;
}

/** One segment: what it says, who that is, and what can be done with it. */
export function SegmentView({ datasource, id, state, places, onKnown, onState }: Props) {
  const { value: segment, error, again } = useSegment(datasource, id);
  useEffect(() => {
    if (segment) {
      onKnown(segment);
    }
  }, [segment, onKnown]);
  if (id !== undefined && !segment) {
    return error ? <Failure message={error} onRetry={again} /> : <LoadingLine loading />;
  }
  return (
    <>
      {error && <Alert severity="error" title={error} />}
      <SegmentEditor
        key={`${datasource} ${id ?? t('segments.new')} ${segment?.version}`}
        {...{ datasource, segment, state, places, onState, onChanged: again }}
      />
    </>
  );
}
