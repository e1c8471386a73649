import { PluginPage } from '@grafana/runtime';
import React, { useState } from 'react';

import { goTo, NEW, pageAddress, partsOf, segmentPage, setParameters, useAddress, userPage } from '../address';
import { DatasourceChoice } from '../components/DatasourceChoice';
import { type Segment } from '../query/types.gen';
import { t } from '../text';
import * as list from '../views/segments/list';
import { SegmentsView } from '../views/segments/SegmentsView';
import { SegmentView } from '../views/segments/SegmentView';
import * as one from '../views/segments/state';

import { CreateDatasource } from './CreateDatasource';
import { chooseDatasource, findDatasources } from './datasources';

/** All segments, or one of them on the whole page. */
export default function SegmentsPage() {
  const { pathname, search } = useAddress();
  const [deleted, setDeleted] = useState<Segment>();
  const parameters = new URLSearchParams(search);
  const datasources = findDatasources();
  const chosen = chooseDatasource(datasources, parameters.get('ds'));
  if (!chosen) {
    return (
      <PluginPage>
        <CreateDatasource />
      </PluginPage>
    );
  }
  const { uid } = chosen;
  const several = datasources.length > 1;
  const ds = several ? [['ds', uid]] : [];
  const [, id] = partsOf(pathname);
  const addressOf = (segment?: string) => segmentPage(segment, ds);
  const all = pageAddress(['segments'], ds);
  return (
    <PluginPage
      pageNav={id === undefined ? undefined : { text: t('segments.one') }}
      actions={
        several && (
          <DatasourceChoice
            datasources={datasources}
            value={uid}
            onChange={(other) => goTo(pageAddress(['segments'], [['ds', other]]))}
          />
        )
      }
    >
      {id === undefined ? (
        <SegmentsView
          key={uid}
          datasource={uid}
          state={list.fromParameters(parameters)}
          onState={(state, typing = false) => setParameters([...ds, ...list.toParameters(state)], typing)}
          hrefOf={addressOf}
          fileHref={pageAddress(['tables', NEW], ds)}
          deleted={deleted}
          onDeleted={setDeleted}
        />
      ) : (
        <SegmentView
          key={`${uid} ${id}`}
          datasource={uid}
          id={id === NEW ? undefined : id}
          state={one.fromParameters(parameters)}
          onState={(state, typing = false) => setParameters([...ds, ...one.toParameters(state)], typing)}
          places={{
            list: all,
            segment: addressOf,
            user: (user) => userPage(uid, user),
            users: (segment) => pageAddress(['users'], [...ds, ['seg', segment]]),
            show: (segment) => goTo(addressOf(segment)),
            leave: (gone) => {
              setDeleted(gone);
              goTo(all);
            },
          }}
        />
      )}
    </PluginPage>
  );
}
