import { locationUtil } from '@grafana/data';

import { USER_DASHBOARD_UID } from '../constants';

import { pageAddress } from './address';

// Addresses of other pages of Grafana, below the path it is served at.

/** The page with a datasource's users. */
export const usersPage = (uid: string) => pageAddress(['users'], [['ds', uid]]);

/** The dashboard of one user. */
export const userDashboard = (uid: string, user: string) =>
  `/d/${USER_DASHBOARD_UID}?${new URLSearchParams({ 'var-datasource': uid, 'var-user': user })}`;

/** The settings of a datasource. */
export const datasourceSettings = (uid: string) =>
  locationUtil.assureBaseUrl(`/connections/datasources/edit/${encodeURIComponent(uid)}`);
