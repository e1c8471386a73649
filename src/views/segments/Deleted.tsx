import { Alert, Button } from '@grafana/ui';
import React, { useState } from 'react';

import { callResource } from '../../api/call';
import { messageOf } from '../../api/errors';
import { forgetAnswers } from '../../api/useAnswers';
import { t } from '../../text';

import { segmentPath } from './useSegment';

interface Props {
  datasource: string;
  segment: { id: string; name: string };
  onRestored: () => void;
  onClose: () => void;
}

/** A segment that was just deleted, and the way back. */
export function Deleted({ datasource, segment: { id, name }, onRestored, onClose }: Props) {
  const [problem, setProblem] = useState<string>();
  const undo = async () => {
    try {
      await callResource(datasource, `${segmentPath(id)}/restore`, { method: 'POST' });
      forgetAnswers();
      onRestored();
    } catch (error) {
      setProblem(messageOf(error));
    }
  };
  return (
    <Alert
      severity={problem ? 'error' : 'success'}
      title={problem ?? t('segments.deleted', { name })}
      onRemove={onClose}
    >
      <Button size="sm" variant="secondary" icon="history" onClick={() => void undo()}>
        {t('common.undo')}
      </Button>
    </Alert>
  );
}
