import React from 'react';

import { Facts } from '../../components/Facts';
import { formatCount } from '../../components/numbers';
import { type TableContent } from '../../query/types.gen';
import { t } from '../../text';

const COUNTS = ['read', 'matched', 'unmatched', 'duplicate', 'empty', 'invalid', 'users'] as const;

/** What is shown even where it is nothing. */
const ALWAYS = ['read', 'matched', 'unmatched', 'users'];

/** What a file holds, counted: the same before and after an upload. */
export function Counts({ content }: { content: TableContent }) {
  const shown = COUNTS.filter((count) => ALWAYS.includes(count) || content[count] > 0);
  return (
    <Facts
      large
      facts={shown.map((count) => ({ name: t(`tables.count.${count}`), value: formatCount(content[count]) }))}
    />
  );
}
