import { Alert, LinkButton } from '@grafana/ui';
import React, { useMemo } from 'react';

import { Stack } from '../../components/Stack';
import { type Segment } from '../../query/types.gen';
import { t } from '../../text';
import { type UsersState } from '../users/state';
import { UsersView } from '../users/UsersView';

import { type Places } from './SegmentView';

interface Props {
  datasource: string;
  segment: Segment;
  /** There are changes that are not saved. */
  isChanged: boolean;
  state: UsersState;
  places: Places;
  onState: (state: UsersState, typing?: boolean) => void;
}

/** The users of a stored segment, searched, narrowed and sorted as on their own page. */
export function SegmentUsers({ datasource, segment, isChanged, state, places, onState }: Props) {
  const { id, kind, definition } = segment;
  // A list may hold anonymous visitors too; whoever is counted is shown.
  const includeAnonymous = kind === 'static' || Boolean(definition?.includeAnonymous);
  const base = useMemo(() => ({ includeSegments: [id], includeAnonymous }), [id, includeAnonymous]);
  return (
    <Stack direction="column">
      {isChanged && <Alert severity="info" title={t('segments.unsaved')} />}
      <UsersView {...{ datasource, draft: `@users of ${id}`, state, base, onState, hrefOf: places.user }} />
      <Stack>
        <LinkButton variant="secondary" fill="text" icon="users-alt" href={places.users(id)}>
          {t('segments.users')}
        </LinkButton>
      </Stack>
    </Stack>
  );
}
