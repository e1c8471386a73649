import { PluginPage } from '@grafana/runtime';
import React from 'react';

import { setParameters, useAddress, userPage } from '../address';
import { DatasourceChoice } from '../components/DatasourceChoice';
import { t } from '../text';
import { fromParameters, toParameters, type UsersState } from '../views/users/state';
import { UsersView } from '../views/users/UsersView';

import { CreateDatasource } from './CreateDatasource';
import { chooseDatasource, findDatasources } from './datasources';
import { Leaving } from './Leaving';

/** The users view on the whole page; the address holds its state. */
export default function UsersPage() {
  const { search } = useAddress();
  const parameters = new URLSearchParams(search);
  const datasources = findDatasources();
  const chosen = chooseDatasource(datasources, parameters.get('ds'));
  const uid = chosen?.uid;
  const several = datasources.length > 1;

  const show = (state: UsersState, typing = false) =>
    setParameters([...(several ? [['ds', uid]] : []), ...toParameters(state)], typing, ['users']);
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
      <Leaving uid={chosen.uid} text={t('user.users')} />
      <UsersView
        key={uid}
        {...{ datasource: uid, draft: '@users', state, onState: show }}
        hrefOf={(user) => userPage(uid, user)}
      />
    </PluginPage>
  );
}
