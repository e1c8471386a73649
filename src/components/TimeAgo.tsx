import { Tooltip } from '@grafana/ui';
import React from 'react';

import { formatAgo, formatMoment } from './numbers';

/** How long ago a moment was, in milliseconds since 1970; the moment itself on hover and focus. */
export function TimeAgo({ ms }: { ms: number }) {
  return (
    <Tooltip content={formatMoment(ms)}>
      <time dateTime={new Date(ms).toISOString()}>{formatAgo(ms)}</time>
    </Tooltip>
  );
}
