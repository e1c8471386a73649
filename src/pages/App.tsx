import React, { useEffect } from 'react';

import { partsOf, useAddress } from '../address';
import { fetched } from '../components/fetched';

import { forgetWayBack } from './wayBack';

const StartPage = fetched(() => import(/* webpackChunkName: "start" */ './StartPage'));
const UserPage = fetched(() => import(/* webpackChunkName: "user" */ './UserPage'));
const UsersPage = fetched(() => import(/* webpackChunkName: "users" */ './UsersPage'));
const SegmentsPage = fetched(() => import(/* webpackChunkName: "segments" */ './SegmentsPage'));
const SessionsPage = fetched(() => import(/* webpackChunkName: "sessions" */ './SessionsPage'));
const TablesPage = fetched(() => import(/* webpackChunkName: "tables" */ './TablesPage'));
const PathwaysPage = fetched(() => import(/* webpackChunkName: "pathways" */ './PathwaysPage'));

/** The app: the page that the address names, fetched when it is first needed. */
export function App() {
  const [section, part] = partsOf(useAddress().pathname);
  useEffect(() => forgetWayBack, []);
  return pageOf(section, part);
}

function pageOf(section?: string, part?: string) {
  switch (section) {
    case 'users':
      return part === 'profile' ? <UserPage /> : <UsersPage />;
    case 'segments':
      return <SegmentsPage />;
    case 'pathways':
      return <PathwaysPage />;
    case 'sessions':
      return <SessionsPage />;
    case 'tables':
      return <TablesPage />;
    default:
      return <StartPage />;
  }
}
