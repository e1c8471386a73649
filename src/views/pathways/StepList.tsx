import { type RawTimeRange } from '@grafana/data';
import { Button, RadioButtonGroup } from '@grafana/ui';
import React, { useEffect, useRef, useState } from 'react';

import { type Surrounding } from '../../api/ask';
import { Section } from '../../components/Section';
import { Stack } from '../../components/Stack';
import { type PathwayStep } from '../../query/types.gen';
import { t } from '../../text';
import { type HrefOfTrouble } from '../sessions/questions';
import { type SessionsState } from '../sessions/state';
import { SessionsView } from '../sessions/SessionsView';

import { type PathwaysState } from './state';
import { StepUsers } from './StepUsers';

/** A node or link, and what it is one of. */
export interface Listed {
  datasource: string;
  /** What it is called. */
  name: string;
  pathway: PathwayStep;
  range: RawTimeRange;
  around?: Surrounding;
}

interface Props extends Listed {
  list: PathwaysState['list'];
  onList: (list: PathwaysState['list']) => void;
  /** The page of a user, or of a session of theirs. */
  hrefOf: (user: string, start?: number, anonymous?: boolean) => string;
  hrefOfTrouble: HrefOfTrouble;
  hrefOfSegment: (id: string) => string;
  onClose: () => void;
}

/** The sessions or users that are counted in a node or link. */
export function StepList({ list, onList, hrefOfSegment, onClose, ...listed }: Props) {
  const start = useRef<HTMLDivElement>(null);
  const [sessions, setSessions] = useState<SessionsState>({ page: 1 });
  useEffect(() => {
    start.current?.scrollIntoView({ block: 'nearest' });
  }, []);
  const { name, pathway } = listed;
  const extra = (
    <Stack>
      <RadioButtonGroup
        aria-label={t('pathways.list')}
        size="sm"
        options={[
          { value: 'sessions' as const, label: t('pathways.unit.session') },
          { value: 'users' as const, label: t('pathways.unit.user') },
        ]}
        value={list}
        onChange={onList}
      />
      <Button
        {...{ variant: 'secondary', fill: 'text', size: 'sm', icon: 'times', onClick: onClose }}
        aria-label={t('pathways.closeList')}
      >
        {t('common.close')}
      </Button>
    </Stack>
  );
  return (
    <div ref={start}>
      {list === 'users' ? (
        <Section title={t('pathways.users', { name })} extra={extra}>
          <StepUsers {...listed} hrefOfSegment={hrefOfSegment} />
        </Section>
      ) : (
        <SessionsView
          {...listed}
          title={t('pathways.sessionsOf', { name })}
          options={{ pathway, ...(pathway.options.includeAnonymous && { includeAnonymous: true }) }}
          {...{ state: sessions, onState: setSessions, extra }}
        />
      )}
    </div>
  );
}
