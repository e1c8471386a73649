import React from 'react';

import { frustrationsPage, goTo, segmentPage, setParameters, userPage, usersPage } from '../address';
import { toAddress } from '../audience/audience';
import { t } from '../text';
import { PathwaysView } from '../views/pathways/PathwaysView';
import { fromParameters, toParameters } from '../views/pathways/state';

import { ListPage } from './ListPage';

/** The pathways view on the whole page; the address holds its state. */
export default function PathwaysPage() {
  return (
    <ListPage path="pathways" titleOf={() => t('pathways.title')}>
      {({ datasource: { uid }, ds, parameters }) => {
        const state = fromParameters(parameters);
        return (
          <PathwaysView
            key={uid}
            {...{ datasource: uid, state }}
            onState={(next) => setParameters([...ds, ...toParameters(next)], false, ['pathways'])}
            hrefOf={(...one) => userPage(uid, ...one)}
            hrefOfTrouble={(...one) => frustrationsPage(uid, ...one)}
            hrefOfSegment={(id) => segmentPage(id, ds)}
            onEditConditions={() => goTo(usersPage(uid, toAddress(state.audience)))}
          />
        );
      }}
    </ListPage>
  );
}
