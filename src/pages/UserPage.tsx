import { PluginPage } from '@grafana/runtime';
import { LinkButton } from '@grafana/ui';
import React from 'react';

import { frustrationsPage, pageAddress, setParameters, useAddress, userPage, usersPage } from '../address';
import { hidesEmails } from '../api/roles';
import { EmptyState } from '../components/EmptyState';
import { t } from '../text';
import { fromParameters, toParameters, type UserState } from '../views/user/state';
import { UserView } from '../views/user/UserView';

import { CreateDatasource } from './CreateDatasource';
import { chooseDatasource, findDatasources } from './datasources';
import { wayBack } from './wayBack';

/** The view of one user on the whole page; the address says which, and holds its state. */
export default function UserPage() {
  const parameters = new URLSearchParams(useAddress().search);
  const asked = parameters.get('ds');
  const datasources = findDatasources();
  const chosen = chooseDatasource(datasources, asked);
  const uid = chosen?.uid ?? '';
  const show = (next: UserState, replace = false) => setParameters([['ds', uid], ...toParameters(next)], replace);
  const state = fromParameters(parameters);
  return (
    <PluginPage pageNav={{ text: t('user.title') }}>
      {!chosen ? (
        <CreateDatasource />
      ) : asked && asked !== uid ? (
        // Somebody of the same id in another store is somebody else.
        <EmptyState title={t('user.noDatasource', { uid: asked })} help={t('user.noDatasourceHelp')}>
          <LinkButton href={pageAddress(['users'])}>{t('user.allUsers')}</LinkButton>
        </EmptyState>
      ) : (
        <UserView
          // Nothing of one user is shown of another while that one is looked for.
          key={JSON.stringify([uid, state.user, state.anonymous])}
          {...{ datasource: uid, state, onState: show, masked: hidesEmails(chosen) }}
          back={wayBack(uid)}
          usersHref={usersPage(uid)}
          hrefOf={(...one) => userPage(uid, ...one)}
          hrefOfTrouble={(...one) => frustrationsPage(uid, ...one)}
          hrefOfSegment={(id) => usersPage(uid, [['seg', id]])}
        />
      )}
    </PluginPage>
  );
}
