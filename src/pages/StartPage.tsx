import React from 'react';

import { StartView } from '../views/start/StartView';

import { ListPage } from './ListPage';

/** The app's first page. */
export default function StartPage() {
  return <ListPage>{({ datasource: { uid, name } }) => <StartView key={uid} datasource={uid} name={name} />}</ListPage>;
}
