import React from 'react';

import { frustrationsPage, setParameters, userPage } from '../address';
import { AllSessionsView } from '../views/sessions/AllSessionsView';
import { fromParameters, toParameters } from '../views/sessions/allState';

import { ListPage } from './ListPage';

/** Everybody's sessions on the whole page; the address holds which. */
export default function SessionsPage() {
  return (
    <ListPage path="sessions">
      {({ datasource: { uid }, ds, parameters }) => {
        const state = fromParameters(parameters);
        return (
          <AllSessionsView
            key={uid}
            {...{ datasource: uid, draft: '@sessions', state }}
            onState={(next) => setParameters([...ds, ...toParameters(next)], false, ['sessions'])}
            hrefOf={(...one) => userPage(uid, ...one)}
            hrefOfTrouble={(...one) => frustrationsPage(uid, ...one)}
          />
        );
      }}
    </ListPage>
  );
}
