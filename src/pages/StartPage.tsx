import { PluginPage } from '@grafana/runtime';
import React, { useState } from 'react';

import { CreateDatasource } from './CreateDatasource';
import { findDatasources } from './datasources';
import { DatasourceStatus } from './DatasourceStatus';

/** The app's first page: finds the datasource or creates it, tests it and says what to do next. */
export function StartPage() {
  const [datasources] = useState(findDatasources);
  return (
    <PluginPage>
      {datasources.length === 0 ? (
        <CreateDatasource />
      ) : (
        datasources.map((datasource) => <DatasourceStatus key={datasource.uid} datasource={datasource} />)
      )}
    </PluginPage>
  );
}
