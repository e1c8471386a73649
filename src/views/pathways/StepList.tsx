import { Button, RadioButtonGroup } from '@grafana/ui';
import React, { useEffect, useRef } from 'react';

import { Section } from '../../components/Section';
import { Stack } from '../../components/Stack';
import { t } from '../../text';

import { type PathwaysState } from './state';
import { type Listed, StepSessions } from './StepSessions';
import { StepUsers } from './StepUsers';

interface Props extends Listed {
  list: PathwaysState['list'];
  onList: (list: PathwaysState['list']) => void;
  /** The page of a user, or of a session of theirs. */
  hrefOf: (user: string, start?: number) => string;
  hrefOfSegment: (id: string) => string;
  onClose: () => void;
}

/** The sessions or users that are counted in a node or link. */
export function StepList({ list, onList, hrefOfSegment, onClose, ...listed }: Props) {
  const start = useRef<HTMLDivElement>(null);
  useEffect(() => {
    start.current?.scrollIntoView({ block: 'nearest' });
  }, []);
  return (
    <div ref={start}>
      <Section
        title={t(list === 'users' ? 'pathways.users' : 'pathways.sessionsOf', { name: listed.name })}
        extra={
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
        }
      >
        {list === 'users' ? <StepUsers {...listed} hrefOfSegment={hrefOfSegment} /> : <StepSessions {...listed} />}
      </Section>
    </div>
  );
}
