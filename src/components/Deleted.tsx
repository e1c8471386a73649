import { Alert, Button } from '@grafana/ui';
import React, { useState } from 'react';

import { callResource } from '../api/call';
import { messageOf } from '../api/errors';
import { forgetAnswers } from '../api/useAnswers';
import { t } from '../text';

interface Props {
  datasource: string;
  /** The resource that was deleted just now, such as segments/premium, and what people call it. */
  path: string;
  name: string;
  onRestored: () => void;
  onClose: () => void;
}

/** Something that was just deleted, and the way back. */
export function Deleted({ datasource, path, name, onRestored, onClose }: Props) {
  const [problem, setProblem] = useState<string>();
  const undo = async () => {
    try {
      await callResource(datasource, `${path}/restore`, { method: 'POST' });
      forgetAnswers();
      onRestored();
    } catch (error) {
      setProblem(messageOf(error));
    }
  };
  return (
    <Alert severity={problem ? 'error' : 'success'} title={problem ?? t('common.deleted', { name })} onRemove={onClose}>
      <Button size="sm" variant="secondary" icon="history" onClick={() => void undo()}>
        {t('common.undo')}
      </Button>
    </Alert>
  );
}
