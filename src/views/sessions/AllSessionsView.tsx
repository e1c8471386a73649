import { css } from '@emotion/css';
import { type GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';
import React, { useMemo } from 'react';

import { useAllSegments, useAttributes } from '../../api/datasource';
import { useAnswers } from '../../api/useAnswers';
import { APPLICATION } from '../../audience/audience';
import { Actions } from '../../components/Actions';
import { AudienceBar } from '../../components/AudienceBar';
import { RangeInput } from '../../components/RangeInput';
import { takeAlong } from '../../components/takeAlong';
import { SESSIONS_PANEL_ID } from '../../constants';
import { STANDARD_ATTRIBUTES } from '../../query/types.gen';
import { t } from '../../text';
import { AnonymousSwitch } from '../users/AnonymousSwitch';
import { applicationsOf } from '../users/questions';
import { useConditions } from '../users/useConditions';

import { type AllSessionsState, optionsOf } from './allState';
import { type HrefOfSession, type HrefOfTrouble } from './questions';
import { SessionsView } from './SessionsView';

interface Props {
  datasource: string;
  /** The place where the view stands, by which conditions that are not finished are kept. */
  draft: string;
  state: AllSessionsState;
  onState: (state: AllSessionsState) => void;
  hrefOf: HrefOfSession;
  hrefOfTrouble: HrefOfTrouble;
}

const MANY = 1000;

/** Everybody's sessions, narrowed as users are. */
export function AllSessionsView({ datasource, draft, state, onState, hrefOf, hrefOfTrouble }: Props) {
  const styles = useStyles2(getStyles);
  const attributes = useAttributes(datasource, STANDARD_ATTRIBUTES);
  const segments = useAllSegments(datasource);
  const options = useMemo(() => optionsOf(state), [state]);
  const { of } = useAnswers(
    datasource,
    [
      {
        ...{ refId: 'applications', queryType: 'values' as const },
        options: { attribute: APPLICATION.sessions, limit: MANY },
      },
    ],
    state.range
  );
  const { audience, range, anonymous, list } = state;
  // Who else is meant, the list begins anew.
  const change = (part: Partial<AllSessionsState>) => onState({ ...state, list: { page: 1 }, ...part });
  const conditions = useConditions({
    ...{ datasource, draft, audience, anonymous },
    onDefinition: (definition) => change({ audience: { ...audience, definition } }),
  });
  return (
    <div className={styles.view}>
      <div className={styles.top}>
        <AudienceBar
          {...{ datasource, attributes, segments, audience, choosesSegments: true }}
          applications={applicationsOf(of.applications)}
          onChange={(next) => change({ audience: next })}
          add={conditions.add}
          onEditConditions={conditions.onEdit}
        />
        <RangeInput range={range} onChange={(range) => change({ range })} />
      </div>
      {conditions.builder}
      <SessionsView
        {...{ datasource, options, range, hrefOf, hrefOfTrouble }}
        state={list}
        onState={(next) => onState({ ...state, list: next })}
        extra={
          <>
            <span className={styles.among}>{t(anonymous ? 'count.withVisitors' : 'count.withoutVisitors')}</span>
            <AnonymousSwitch value={anonymous} onChange={(next) => change({ anonymous: next })} />
            <Actions
              actions={[
                takeAlong(datasource, {
                  ...{ panel: SESSIONS_PANEL_ID, title: t('sessions.title'), range },
                  query: { queryType: 'sessions', options },
                }),
              ]}
            />
          </>
        }
      />
    </div>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  view: css({
    ...{ display: 'flex', flexDirection: 'column', gap: theme.spacing(2), minWidth: 0, containerType: 'inline-size' },
  }),
  top: css({ display: 'flex', flexWrap: 'wrap', gap: theme.spacing(1), alignItems: 'flex-start' }),
  among: css({ color: theme.colors.text.secondary }),
});
