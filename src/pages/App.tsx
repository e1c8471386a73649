import { LoadingPlaceholder } from '@grafana/ui';
import React, { lazy, Suspense } from 'react';

import { partsOf, useAddress } from '../address';

const StartPage = lazy(() => import(/* webpackChunkName: "start" */ './StartPage'));
const UserPage = lazy(() => import(/* webpackChunkName: "user" */ './UserPage'));
const UsersPage = lazy(() => import(/* webpackChunkName: "users" */ './UsersPage'));
const SegmentsPage = lazy(() => import(/* webpackChunkName: "segments" */ './SegmentsPage'));
const TablesPage = lazy(() => import(/* webpackChunkName: "tables" */ './TablesPage'));
const PathwaysPage = lazy(() => import(/* webpackChunkName: "pathways" */ './PathwaysPage'));

/** The app: the page that the address names, fetched when it is first needed. */
export function App() {
  const [section, part] = partsOf(useAddress().pathname);
  return <Suspense fallback={<LoadingPlaceholder text="Loading ..." />}>{pageOf(section, part)}</Suspense>;
}

function pageOf(section?: string, part?: string) {
  switch (section) {
    case 'users':
      return part === 'profile' ? <UserPage /> : <UsersPage />;
    case 'segments':
      return <SegmentsPage />;
    case 'pathways':
      return <PathwaysPage />;
    case 'tables':
      return <TablesPage />;
    default:
      return <StartPage />;
  }
}
