import { LoadingPlaceholder } from '@grafana/ui';
import React, { lazy, Suspense } from 'react';

import { partsOf, useAddress } from '../address';
import { StartPage } from './StartPage';

const UsersPage = lazy(() => import(/* webpackChunkName: "users" */ './UsersPage'));

/** The app: the page that the address names, fetched when it is first needed. */
export function App() {
  const [section] = partsOf(useAddress().pathname);
  return <Suspense fallback={<LoadingPlaceholder text="Loading ..." />}>{pageOf(section)}</Suspense>;
}

function pageOf(section: string | undefined) {
  switch (section) {
    case 'users':
      return <UsersPage />;
    default:
      return <StartPage />;
  }
}
