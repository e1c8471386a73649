import React, { useState } from 'react';

import { goTo, NEW, pageAddress, setParameters } from '../address';
import { hidesEmails } from '../api/roles';
import { t } from '../text';
import { type Places } from '../views/tables/places';
import { TablesView } from '../views/tables/TablesView';
import { TableView } from '../views/tables/TableView';
import { UploadView } from '../views/tables/UploadView';

import { ListPage } from './ListPage';

/** All reference tables, one of them, or the upload of one on the whole page. */
export default function TablesPage() {
  const [deleted, setDeleted] = useState<string>();
  return (
    <ListPage path="tables" titleOf={titleOf}>
      {({ datasource, ds, one: name, parameters }) => {
        const { uid } = datasource;
        const replace = replacedBy(parameters);
        const places: Places = {
          list: pageAddress(['tables'], ds),
          table: (table) => pageAddress(['tables', table], ds),
          upload: (table) => pageAddress(['tables', NEW], [...ds, ...(table ? [['table', table]] : [])]),
          users: (filter) => pageAddress(['users'], [...ds, ['q', filter]]),
          segment: (id) => pageAddress(['segments', id], ds),
          go: goTo,
        };
        return name === undefined ? (
          <TablesView
            key={uid}
            {...{ datasource: uid, places, deleted, onDeleted: setDeleted }}
            search={parameters.get('s') ?? ''}
            onSearch={(text) => setParameters([...ds, ...(text ? [['s', text]] : [])], true, ['tables'])}
          />
        ) : name === NEW ? (
          <UploadView key={`${uid} ${replace}`} {...{ datasource: uid, replace, places }} />
        ) : (
          <TableView
            key={`${uid} ${name}`}
            {...{ datasource: uid, name, places, mayExport: !hidesEmails(datasource) }}
            onDeleted={(gone) => {
              setDeleted(gone);
              goTo(places.list);
            }}
          />
        );
      }}
    </ListPage>
  );
}

/** The table that a file is to replace. */
const replacedBy = (parameters: URLSearchParams) => parameters.get('table') ?? undefined;

function titleOf(name: string, parameters: URLSearchParams): string {
  const replace = replacedBy(parameters);
  return name !== NEW ? name : replace ? t('tables.replacing', { name: replace }) : t('tables.new');
}
