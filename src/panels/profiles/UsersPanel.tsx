import { css } from '@emotion/css';
import { type GrafanaTheme2, type PanelProps } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';
import React, { useCallback, useMemo } from 'react';

import { useAddress, userPage } from '../../address';
import { textRange } from '../../api/range';
import { EmptyState } from '../../components/EmptyState';
import { t } from '../../text';
import { DEFAULT_STATE, fromParameters, toParameters, type UsersState } from '../../views/users/state';
import { UsersView } from '../../views/users/UsersView';
import { fromPanelAddress, setPanelParameters } from '../address';
import { queryOf } from '../queryOf';
import { settled } from '../settled';

/** The users view over a panel's own query. What a person does in it stands in the dashboard's address. */
export default function UsersPanel({ id, data, width, height }: PanelProps) {
  const styles = useStyles2(getStyles);
  const { search } = useAddress();
  const { request, timeRange } = data;
  const query = queryOf(request, 'profiles');
  const columns = query?.options.columns;
  const { from, to } = timeRange.raw;
  const state = useMemo(
    () => ({ ...fromParameters(fromPanelAddress(search, id)), range: textRange({ from, to }) }),
    [search, id, from, to]
  );
  const show = useCallback(
    (next: UsersState, typing = false) =>
      setPanelParameters(id, toParameters({ ...next, range: DEFAULT_STATE.range }), typing),
    [id]
  );
  const uid = query?.datasource?.uid;
  if (!request || !query || !uid) {
    return <EmptyState icon="users-alt" title={t('panel.wantsUsers')} help={t('panel.wantsUsersHelp')} />;
  }
  const { options, request: around } = settled(query, request);
  const { columns: _, sort, limit, offset, includeTotal, ...base } = options;
  return (
    <div className={styles.panel} style={{ width, height }}>
      <UsersView
        key={uid}
        {...{ datasource: uid, draft: `${window.location.pathname} ${id}`, state, base, around, usualColumns: columns }}
        onState={show}
        hrefOf={(user) => userPage(uid, user)}
      />
    </div>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  panel: css({ overflow: 'auto', padding: theme.spacing(1) }),
});
