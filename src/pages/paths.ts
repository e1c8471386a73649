import { locationUtil } from '@grafana/data';

import { USERS_DASHBOARD_UID } from '../constants';

// Addresses of other pages of Grafana, below the path it is served at.

/** The Users dashboard on a datasource. */
export const usersDashboard = (uid: string) =>
  locationUtil.assureBaseUrl(`/d/${USERS_DASHBOARD_UID}?var-datasource=${encodeURIComponent(uid)}`);

/** The settings of a datasource. */
export const datasourceSettings = (uid: string) =>
  locationUtil.assureBaseUrl(`/connections/datasources/edit/${encodeURIComponent(uid)}`);
