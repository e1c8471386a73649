import { css } from '@emotion/css';
import { type GrafanaTheme2 } from '@grafana/data';
import { TimeRangeInput, useStyles2 } from '@grafana/ui';
import React, { useMemo } from 'react';

import { useAllSegments, useAttributes } from '../../api/datasource';
import { rangeOf, textRange } from '../../api/range';
import { useAnswers } from '../../api/useAnswers';
import { APPLICATION } from '../../audience/audience';
import { Actions } from '../../components/Actions';
import { AudienceBar } from '../../components/AudienceBar';
import { Choices } from '../../components/Choice';
import { takeAlong } from '../../components/takeAlong';
import { SESSIONS_PANEL_ID } from '../../constants';
import { STANDARD_ATTRIBUTES } from '../../query/types.gen';
import { t } from '../../text';
import { AnonymousSwitch } from '../users/AnonymousSwitch';
import { applicationsOf } from '../users/questions';

import { type AllSessionsState, optionsOf } from './allState';
import { type HrefOfSession, type HrefOfTrouble } from './questions';
import { SessionsView } from './SessionsView';

interface Props {
  datasource: string;
  state: AllSessionsState;
  onState: (state: AllSessionsState) => void;
  hrefOf: HrefOfSession;
  hrefOfTrouble: HrefOfTrouble;
  /** Where conditions of the audience are built. */
  onEditConditions: () => void;
}

const MANY = 1000;

/** Everybody's sessions, narrowed as users are. */
export function AllSessionsView({ datasource, state, onState, hrefOf, hrefOfTrouble, onEditConditions }: Props) {
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
  return (
    <div className={styles.view}>
      <div className={styles.top}>
        <AudienceBar
          {...{ datasource, attributes, segments, audience, onEditConditions }}
          applications={applicationsOf(of.applications)}
          onChange={(next) => change({ audience: next })}
          add={
            segments.length > 0 && (
              <div className={styles.segments}>
                <Choices
                  label={t('pathways.segments')}
                  placeholder={t('pathways.everybody')}
                  options={segments.map(({ id, name }) => ({ value: id, label: name }))}
                  values={audience.segments}
                  onChange={(ids) => change({ audience: { ...audience, segments: ids } })}
                />
              </div>
            )
          }
        />
        <TimeRangeInput value={rangeOf(range)} onChange={({ raw }) => change({ range: textRange(raw) })} />
      </div>
      <SessionsView
        {...{ title: t('sessions.title'), datasource, options, range, hrefOf, hrefOfTrouble }}
        state={list}
        onState={(next) => onState({ ...state, list: next })}
        extra={
          <>
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
  segments: css({ flex: '1 0 200px', maxWidth: 320 }),
});
