import { css } from '@emotion/css';
import { type GrafanaTheme2, type PanelProps } from '@grafana/data';
import { getDataSourceSrv } from '@grafana/runtime';
import { useStyles2 } from '@grafana/ui';
import React from 'react';

import { frustrationsPage, useAddress, userPage, usersPage } from '../../address';
import { textRange } from '../../api/range';
import { hidesEmails } from '../../api/roles';
import { EmptyState } from '../../components/EmptyState';
import { t } from '../../text';
import { fromParameters, toParameters, type UserState } from '../../views/user/state';
import { UserView } from '../../views/user/UserView';
import { fromPanelAddress, setPanelParameters } from '../address';
import { optionsOf, queryOf } from '../queryOf';

/** The view of the user that a panel's own query names. What a person does in it stands in the dashboard's address. */
export default function UserPanel({ id, data: { request, timeRange }, width, height }: PanelProps) {
  const styles = useStyles2(getStyles);
  const { search } = useAddress();
  const query = queryOf(request, 'profile');
  const uid = query?.datasource?.uid;
  if (!request || !query || !uid) {
    return <EmptyState icon="user" title={t('panel.wantsUser')} help={t('panel.wantsUserHelp')} />;
  }
  const { user = '', anonymous = false } = optionsOf(query, request);
  const usual = textRange(timeRange.raw);
  const state = { ...fromParameters(fromPanelAddress(search, id), usual), user, anonymous };
  const show = (next: UserState, replace = false) =>
    setPanelParameters(id, toParameters({ ...next, user: '', anonymous: false }, usual), replace);
  return (
    <div className={styles.panel} style={{ width, height }}>
      <UserView
        key={JSON.stringify([uid, user, anonymous])}
        {...{ datasource: uid, state, usual, onState: show, around: request }}
        usersHref={usersPage(uid)}
        hrefOf={(...one) => userPage(uid, ...one)}
        hrefOfTrouble={(...one) => frustrationsPage(uid, ...one)}
        hrefOfSegment={(segment) => usersPage(uid, [['seg', segment]])}
        masked={hidesEmails(getDataSourceSrv().getInstanceSettings(uid))}
      />
    </div>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  panel: css({ overflow: 'auto', padding: theme.spacing(1) }),
});
