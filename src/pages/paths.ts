import { locationUtil } from '@grafana/data';

import { USERS_DASHBOARD_UID } from '../constants';

/** Addresses of other pages of Grafana, below the path it is served at. */
export const usersDashboard = (datasourceUid: string) =>
  locationUtil.assureBaseUrl(`/d/${USERS_DASHBOARD_UID}?var-datasource=${encodeURIComponent(datasourceUid)}`);

export const datasourceSettings = (uid: string) =>
  locationUtil.assureBaseUrl(`/connections/datasources/edit/${encodeURIComponent(uid)}`);
