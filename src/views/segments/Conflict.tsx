import { Alert, Button } from '@grafana/ui';
import React from 'react';

import { formatAgo } from '../../components/numbers';
import { Stack } from '../../components/Stack';
import { type Segment } from '../../query/types.gen';
import { t } from '../../text';

interface Props {
  theirs: Segment;
  /** The sentence of what was to be saved, where it is known. */
  mine?: string;
  onTheirs: () => void;
  onMine: () => void;
}

/** Somebody else saved the segment meanwhile: both are told before one is lost. */
export function Conflict({ theirs: { changedBy, changedAt, sentence }, mine, onTheirs, onMine }: Props) {
  const when = formatAgo(Date.parse(changedAt));
  return (
    <Alert severity="warning" title={t('segments.changedMeanwhile', { who: changedBy, ago: when })}>
      <p>{t('segments.theirs', { sentence })}</p>
      {mine && <p>{t('segments.mine', { sentence: mine })}</p>}
      <Stack>
        <Button size="sm" variant="secondary" onClick={onTheirs}>
          {t('segments.takeTheirs')}
        </Button>
        <Button size="sm" variant="secondary" onClick={onMine}>
          {t('segments.keepMine')}
        </Button>
      </Stack>
    </Alert>
  );
}
