import { type RawTimeRange } from '@grafana/data';
import React, { type ReactNode } from 'react';

import { type Surrounding } from '../../api/ask';
import { useAnswers } from '../../api/useAnswers';
import { EmptyState } from '../../components/EmptyState';
import { LoadingLine } from '../../components/LoadingLine';
import { type SessionsOptions } from '../../query/types.gen';
import { t } from '../../text';

import { type HrefOfSession, type HrefOfTrouble, oneSession, pageOfSessions, whichOf } from './questions';
import { SessionsList } from './SessionsList';
import { type SessionsState } from './state';
import { tracesOf } from './traces';

interface Props {
  /** None where the page has it: then it is their number. */
  title?: string;
  datasource: string;
  /** Which sessions. */
  options: SessionsOptions;
  range: RawTimeRange;
  around?: Surrounding;
  state: SessionsState;
  onState: (state: SessionsState) => void;
  hrefOf: HrefOfSession;
  hrefOfTrouble: HrefOfTrouble;
  /** Beside the title. */
  extra?: ReactNode;
}

/** The sessions of a query, whosesoever, each to be opened where it stands. */
export function SessionsView({
  title,
  datasource,
  options,
  range,
  around,
  state,
  onState,
  hrefOf,
  hrefOfTrouble,
  extra,
}: Props) {
  const { page, session } = state;
  const targets = [pageOfSessions(options, page), ...(session ? [oneSession(whichOf(session))] : [])];
  const answers = useAnswers(datasource, targets, range, around);
  return (
    <div data-testid="sessions view">
      <LoadingLine loading={answers.loading} />
      <SessionsList
        {...{ title, answers, page, hrefOf, hrefOfTrouble, extra }}
        ofMany
        hrefOfTrace={tracesOf(datasource)}
        onPage={(next) => onState({ page: next })}
        asked={session}
        onAsk={(next) => onState({ page, session: next })}
        empty={<EmptyState icon="history" title={t('sessions.none')} help={t('sessions.noneHelp')} />}
      />
    </div>
  );
}
