import { Badge, Tooltip } from '@grafana/ui';
import React from 'react';

import { formatAgo } from '../../components/numbers';
import { type Segment } from '../../query/types.gen';
import { t } from '../../text';

import { freshnessOf, nextText } from './list';

const COLORS = { fresh: 'blue', late: 'orange', failed: 'red' } as const;

/** How long ago the members were computed: amber where they are older than they should be, red where that failed. */
export function Freshness({ segment }: { segment: Segment }) {
  const { computedAt, error, stale, nextAt } = segment;
  const text = computedAt ? formatAgo(Date.parse(computedAt)) : t('segments.never');
  const note = error ?? nextText(nextAt);
  return (
    <Tooltip content={note}>
      <span tabIndex={0}>
        <Badge
          color={COLORS[freshnessOf(segment)]}
          icon={error ? 'exclamation-triangle' : undefined}
          text={error ? `${t('segments.failed')}, ${text}` : stale ? `${text}, ${t('segments.stale')}` : text}
        />
      </span>
    </Tooltip>
  );
}
