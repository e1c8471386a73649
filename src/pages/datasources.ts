import { type DataSourceInstanceSettings } from '@grafana/data';
import { getDataSourceSrv } from '@grafana/runtime';

import { callGrafana } from '../api/call';
import { DATASOURCE_NAME, DATASOURCE_TYPE, DATASOURCE_UID } from '../constants';
import { type FootfallSettings } from '../datasource/types';

/** The Footfall datasources that this user may query. */
export function findDatasources(): Array<DataSourceInstanceSettings<FootfallSettings>> {
  // By pluginId, since Grafana adds its built-in datasource to what the filter `type` finds.
  return getDataSourceSrv().getList({ pluginId: DATASOURCE_TYPE });
}

/** The one that an address names, else the default one. */
export const chooseDatasource = (datasources: DataSourceInstanceSettings[], uid: string | null) =>
  datasources.find((one) => one.uid === uid) ?? datasources.find(({ isDefault }) => isDefault) ?? datasources[0];

/** Makes a datasource without settings and returns its uid. The error says why Grafana refuses. */
export async function createDatasource(): Promise<string> {
  const created = await callGrafana<{ datasource: { uid: string } }>('/api/datasources', {
    method: 'POST',
    data: {
      name: DATASOURCE_NAME,
      uid: DATASOURCE_UID,
      type: DATASOURCE_TYPE,
      access: 'proxy',
      jsonData: {},
    },
  });
  // Otherwise the page would not find it before Grafana is loaded again.
  await getDataSourceSrv().reload?.();
  return created.datasource.uid;
}
