import { type DataSourceInstanceSettings } from '@grafana/data';
import { config } from '@grafana/runtime';

import { type FootfallSettings } from '../datasource/types';

/** Whether who is signed in may change what a store keeps: segments and tables. */
export const mayEdit = () => mayAdminister() || config.bootData.user.orgRole === 'Editor';

/** Whether who is signed in may create data sources. */
export function mayAdminister(): boolean {
  const { orgRole, isGrafanaAdmin } = config.bootData.user;
  return isGrafanaAdmin || orgRole === 'Admin';
}

/** Whether the backend keeps e-mails from this user. */
export const hidesEmails = (settings?: DataSourceInstanceSettings<FootfallSettings>) =>
  Boolean(settings?.jsonData?.restrictExport) && !mayEdit();
