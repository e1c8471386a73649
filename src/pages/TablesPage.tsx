import { PluginPage } from '@grafana/runtime';
import React, { useState } from 'react';

import { goTo, NEW, pageAddress, partsOf, setParameters, useAddress } from '../address';
import { DatasourceChoice } from '../components/DatasourceChoice';
import { t } from '../text';
import { type Places } from '../views/tables/places';
import { TablesView } from '../views/tables/TablesView';
import { TableView } from '../views/tables/TableView';
import { UploadView } from '../views/tables/UploadView';

import { CreateDatasource } from './CreateDatasource';
import { chooseDatasource, findDatasources, hidesEmails } from './datasources';

/** All reference tables, one of them, or the upload of one on the whole page. */
export default function TablesPage() {
  const { pathname, search } = useAddress();
  const [deleted, setDeleted] = useState<string>();
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
  const [, name] = partsOf(pathname);
  const replace = parameters.get('table') ?? undefined;
  const title = name !== NEW ? name : replace ? t('tables.replacing', { name: replace }) : t('tables.new');
  const places: Places = {
    list: pageAddress(['tables'], ds),
    table: (table) => pageAddress(['tables', table], ds),
    upload: (table) => pageAddress(['tables', NEW], [...ds, ...(table ? [['table', table]] : [])]),
    users: (filter) => pageAddress(['users'], [...ds, ['q', filter]]),
    segment: (id) => pageAddress(['segments', id], ds),
    go: goTo,
  };
  return (
    <PluginPage
      pageNav={name === undefined ? undefined : { text: title }}
      actions={
        several && (
          <DatasourceChoice
            datasources={datasources}
            value={uid}
            onChange={(other) => goTo(pageAddress(['tables'], [['ds', other]]))}
          />
        )
      }
    >
      {name === undefined ? (
        <TablesView
          key={uid}
          {...{ datasource: uid, places, deleted, onDeleted: setDeleted }}
          search={parameters.get('s') ?? ''}
          onSearch={(text) => setParameters([...ds, ...(text ? [['s', text]] : [])], true)}
        />
      ) : name === NEW ? (
        <UploadView key={`${uid} ${replace}`} {...{ datasource: uid, replace, places }} />
      ) : (
        <TableView
          key={`${uid} ${name}`}
          {...{ datasource: uid, name, places, mayExport: !hidesEmails(chosen) }}
          onDeleted={(gone) => {
            setDeleted(gone);
            goTo(places.list);
          }}
        />
      )}
    </PluginPage>
  );
}
