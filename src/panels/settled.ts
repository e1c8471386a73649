import { type DataQueryRequest } from '@grafana/data';
import { getDataSourceSrv, getTemplateSrv } from '@grafana/runtime';

import { adHocFilters, dashboardFilters } from '../query/adHocFilters';
import { type FootfallQuery } from '../query/types';

import { optionsOf } from './queryOf';

/**
 * A panel's query as it is asked: with the values of variables, and the dashboard's ad-hoc filters among its own. A segment
 * or a file made of it then holds whom the panel shows. The request that is left has no filters any more.
 */
export function settled<Q extends Extract<FootfallQuery, { queryType: 'profiles' }>>(
  query: Q,
  request: DataQueryRequest
) {
  const templates = getTemplateSrv();
  const options = optionsOf(query, request);
  const name = getDataSourceSrv().getInstanceSettings(query.datasource)?.name ?? '';
  const ofDashboard = adHocFilters(request.filters ?? dashboardFilters(templates, name));
  const filters = [...(options.filters ?? []), ...(query.adHocFilters ?? []), ...ofDashboard];
  return { options: { ...options, filters }, request: { ...request, filters: [] } };
}
