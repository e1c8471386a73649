import { css } from '@emotion/css';
import { type GrafanaTheme2, type PanelProps } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';
import React from 'react';

import { frustrationsPage, useAddress, userPage } from '../../address';
import { textRange } from '../../api/range';
import { EmptyState } from '../../components/EmptyState';
import { t } from '../../text';
import { fromParameters, toParameters } from '../../views/sessions/state';
import { SessionsView } from '../../views/sessions/SessionsView';
import { fromPanelAddress, setPanelParameters } from '../address';
import { optionsOf, queryOf } from '../queryOf';

/** The sessions view over a panel's own query. What a person does in it stands in the dashboard's address. */
export default function SessionsPanel({ id, title, data: { request, timeRange }, width, height }: PanelProps) {
  const styles = useStyles2(getStyles);
  const { search } = useAddress();
  const query = queryOf(request, 'sessions');
  const uid = query?.datasource?.uid;
  if (!request || !query || !uid) {
    return <EmptyState icon="history" title={t('panel.wantsSessions')} help={t('panel.wantsSessionsHelp')} />;
  }
  const options = optionsOf(query, request);
  return (
    <div className={styles.panel} style={{ width, height }}>
      <SessionsView
        key={uid}
        {...{ title: title || t('sessions.title'), datasource: uid, options, around: request }}
        range={textRange(timeRange.raw)}
        state={fromParameters(fromPanelAddress(search, id))}
        onState={(next) => setPanelParameters(id, toParameters(next), false)}
        hrefOf={(...one) => userPage(uid, ...one)}
        hrefOfTrouble={(...one) => frustrationsPage(uid, ...one)}
      />
    </div>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  panel: css({ overflow: 'auto', padding: theme.spacing(1), containerType: 'inline-size' }),
});
