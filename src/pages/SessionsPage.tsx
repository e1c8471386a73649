import React from 'react';

import { frustrationsPage, setParameters, userPage } from '../address';
import { t } from '../text';
import { AllSessionsView } from '../views/sessions/AllSessionsView';
import { fromParameters, toParameters } from '../views/sessions/allState';

import { Leaving } from './Leaving';
import { ListPage } from './ListPage';

/** Everybody's sessions on the whole page; the address holds which. */
export default function SessionsPage() {
  return (
    <ListPage path="sessions">
      {({ datasource: { uid }, ds, parameters }) => {
        const state = fromParameters(parameters);
        return (
          <>
            <Leaving uid={uid} text={t('sessions.title')} />
            <AllSessionsView
              key={uid}
              {...{ datasource: uid, draft: '@sessions', state }}
              onState={(next) => setParameters([...ds, ...toParameters(next)], false, ['sessions'])}
              hrefOf={(...one) => userPage(uid, ...one)}
              hrefOfTrouble={(...one) => frustrationsPage(uid, ...one)}
            />
          </>
        );
      }}
    </ListPage>
  );
}
