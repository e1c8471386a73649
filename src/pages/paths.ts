import { locationUtil } from '@grafana/data';

import { USERS_DASHBOARD_UID } from '../constants';

// Addresses of other pages of Grafana, below the path it is served at.

/** The Users dashboard on a datasource, by its name: Grafana 10.0 would show a uid as it is. */
export const usersDashboard = (datasource: string) =>
  locationUtil.assureBaseUrl(`/d/${USERS_DASHBOARD_UID}?var-datasource=${encodeURIComponent(datasource)}`);

/** The settings of a datasource. */
export const datasourceSettings = (uid: string) =>
  locationUtil.assureBaseUrl(`/connections/datasources/edit/${encodeURIComponent(uid)}`);
