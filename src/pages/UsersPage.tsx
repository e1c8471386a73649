import { PluginPage } from '@grafana/runtime';
import React, { useCallback } from 'react';

import { setParameters, useAddress, userDashboard } from '../address';
import { DatasourceChoice } from '../components/DatasourceChoice';
import { fromParameters, toParameters, type UsersState } from '../views/users/state';
import { UsersView } from '../views/users/UsersView';

import { CreateDatasource } from './CreateDatasource';
import { findDatasources } from './datasources';

/** The users view on the whole page; the address holds its state. */
export default function UsersPage() {
  const parameters = new URLSearchParams(useAddress().search);
  const datasources = findDatasources();
  const asked = parameters.get('ds');
  const chosen =
    datasources.find(({ uid }) => uid === asked) ?? datasources.find(({ isDefault }) => isDefault) ?? datasources[0];
  const uid = chosen?.uid;
  const several = datasources.length > 1;

  const show = useCallback(
    (state: UsersState, typing = false) =>
      setParameters([...(several ? [['ds', uid]] : []), ...toParameters(state)], typing),
    [uid, several]
  );
  if (!chosen) {
    return (
      <PluginPage>
        <CreateDatasource />
      </PluginPage>
    );
  }
  const state = fromParameters(parameters);
  return (
    <PluginPage
      actions={
        several && (
          <DatasourceChoice
            datasources={datasources}
            value={uid}
            // Segments and attributes of one store mean nothing in another.
            onChange={(ds) => setParameters([['ds', ds]], false)}
          />
        )
      }
    >
      <UsersView key={uid} datasource={uid} state={state} onState={show} hrefOf={(user) => userDashboard(uid, user)} />
    </PluginPage>
  );
}
