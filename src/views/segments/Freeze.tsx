import React from 'react';

import { callResource } from '../../api/call';
import { type Named, NameForm } from '../../components/NameForm';
import { type Segment } from '../../query/types.gen';
import { t } from '../../text';

import { segmentPath } from './useSegment';

interface Props {
  datasource: string;
  segment: Segment;
  onFrozen: (id: string) => void;
  onClose: () => void;
}

/** Makes a list of the members that a segment has now. */
export function Freeze({ datasource, segment, onFrozen, onClose }: Props) {
  const initialName = t('segments.frozenName', { name: segment.name, day: new Date().toISOString().slice(0, 10) });
  const freeze = async (data: Named) => {
    await callResource(datasource, `${segmentPath(segment.id)}/freeze`, { method: 'POST', data });
    onFrozen(data.id);
  };
  return (
    <NameForm
      {...{ title: t('segments.freeze'), action: t('segments.freeze'), initialName, onSubmit: freeze, onClose }}
    >
      <p>{t('segments.freezeHelp')}</p>
    </NameForm>
  );
}
