import { type DataSourceInstanceSettings } from '@grafana/data';
import { PluginPage } from '@grafana/runtime';
import React, { type ReactNode } from 'react';

import { goTo, pageAddress, partsOf, useAddress } from '../address';
import { DatasourceChoice } from '../components/DatasourceChoice';
import { type FootfallSettings } from '../datasource/types';

import { CreateDatasource } from './CreateDatasource';
import { chooseDatasource, findDatasources } from './datasources';

/** What the address says. */
interface Asked {
  datasource: DataSourceInstanceSettings<FootfallSettings>;
  /** For addresses that stay at this data source; nothing where it is the only one. */
  ds: string[][];
  /** What is behind the page's path: one of the list, `NEW`, or undefined for all of it. */
  one?: string;
  parameters: URLSearchParams;
}

interface Props {
  /** None is the app's first page, which is all there is of it. */
  path?: string;
  /** Of one of the list. */
  titleOf?: (one: string, parameters: URLSearchParams) => string;
  children: (asked: Asked) => ReactNode;
}

/** What a data source has a list of, or one of it, on the whole page. */
export function ListPage({ path, titleOf, children }: Props) {
  const { pathname, search } = useAddress();
  const parameters = new URLSearchParams(search);
  const datasources = findDatasources();
  const datasource = chooseDatasource(datasources, parameters.get('ds'));
  if (!datasource) {
    return (
      <PluginPage>
        <CreateDatasource />
      </PluginPage>
    );
  }
  const { uid } = datasource;
  const several = datasources.length > 1;
  const [, one] = partsOf(pathname);
  return (
    <PluginPage
      pageNav={one === undefined || !titleOf ? undefined : { text: titleOf(one, parameters) }}
      actions={
        several && (
          <DatasourceChoice
            datasources={datasources}
            value={uid}
            onChange={(other) => goTo(pageAddress(path ? [path] : [], [['ds', other]]))}
          />
        )
      }
    >
      {children({ datasource, ds: several ? [['ds', uid]] : [], one, parameters })}
    </PluginPage>
  );
}
