import { Badge, Tooltip } from '@grafana/ui';
import React from 'react';

import { formatAgo, formatMoment } from '../../components/numbers';
import { type Segment } from '../../query/types.gen';
import { t } from '../../text';

/** How long ago the members were computed: amber where they are older than they should be, red where that failed. */
export function Freshness({ segment }: { segment: Segment }) {
  const { computedAt, error, stale, nextAt } = segment;
  const text = computedAt ? formatAgo(Date.parse(computedAt)) : t('segments.never');
  const note =
    error ?? (nextAt ? t('segments.next', { when: formatMoment(Date.parse(nextAt)) }) : t('segments.onDemand'));
  return (
    <Tooltip content={note}>
      <span tabIndex={0}>
        <Badge
          color={error ? 'red' : isLate(segment) ? 'orange' : 'blue'}
          icon={error ? 'exclamation-triangle' : undefined}
          text={error ? `${t('segments.failed')}, ${text}` : stale ? `${text}, ${t('segments.stale')}` : text}
        />
      </span>
    </Tooltip>
  );
}

/** A computation may wait for its turn for so long, in milliseconds. */
const GRACE = 5 * 60_000;

export function isLate({ computedAt, stale, nextAt }: Segment, now = Date.now()): boolean {
  return stale || !computedAt || Boolean(nextAt && Date.parse(nextAt) + GRACE < now);
}
