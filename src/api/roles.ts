import { config } from '@grafana/runtime';

/** Whether who is signed in may change what a store keeps: segments and tables. */
export const mayEdit = () => mayAdminister() || config.bootData.user.orgRole === 'Editor';

/** Whether who is signed in may create data sources. */
export function mayAdminister(): boolean {
  const { orgRole, isGrafanaAdmin } = config.bootData.user;
  return isGrafanaAdmin || orgRole === 'Admin';
}
