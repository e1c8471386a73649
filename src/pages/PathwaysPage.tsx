import React from 'react';

import { frustrationsPage, segmentPage, setParameters, userPage } from '../address';
import { t } from '../text';
import { PathwaysView } from '../views/pathways/PathwaysView';
import { fromParameters, toParameters } from '../views/pathways/state';

import { Leaving } from './Leaving';
import { ListPage } from './ListPage';

/** The pathways view on the whole page; the address holds its state. */
export default function PathwaysPage() {
  return (
    <ListPage path="pathways" titleOf={() => t('pathways.title')}>
      {({ datasource: { uid }, ds, parameters }) => {
        const state = fromParameters(parameters);
        return (
          <>
            <Leaving uid={uid} text={t('pathways.title')} />
            <PathwaysView
              key={uid}
              {...{ datasource: uid, draft: '@pathways', state }}
              onState={(next) => setParameters([...ds, ...toParameters(next)], false, ['pathways'])}
              hrefOf={(...one) => userPage(uid, ...one)}
              hrefOfTrouble={(...one) => frustrationsPage(uid, ...one)}
              hrefOfSegment={(id) => segmentPage(id, ds)}
            />
          </>
        );
      }}
    </ListPage>
  );
}
