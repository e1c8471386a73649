import { Alert, Button, ClipboardButton } from '@grafana/ui';
import React from 'react';

import { t } from '../text';

import { Stack } from './Stack';

interface Props {
  /** What the backend says, in words for people. */
  message: string;
  onRetry: () => void;
}

/** A question that was not answered: what happened, and another try. */
export function Failure({ message, onRetry }: Props) {
  return (
    <Alert severity="error" title={t('common.failed')}>
      <p>{message}</p>
      <Stack>
        <Button variant="secondary" size="sm" icon="sync" onClick={onRetry}>
          {t('common.tryAgain')}
        </Button>
        <ClipboardButton variant="secondary" fill="text" size="sm" icon="copy" getText={() => message}>
          {t('common.copyDetails')}
        </ClipboardButton>
      </Stack>
    </Alert>
  );
}
