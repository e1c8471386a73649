import { type AdHocVariableFilter } from '@grafana/data';

import { type Condition, type FilterOperator } from './types.gen';

/** A dashboard's ad-hoc filters as the backend takes them. Those that are still being typed are left out. */
export function adHocFilters(filters: AdHocVariableFilter[]): Condition[] {
  return filters
    .filter(({ key, operator, value }) => key && operator && value)
    .map(({ key, operator, value, values }) => ({
      attribute: key,
      operator: operator as FilterOperator,
      values: takesMany(operator) && values?.length ? values : [value],
    }));
}

function takesMany(operator: string): boolean {
  return operator === '=|' || operator === '!=|';
}

/** The ad-hoc filters that a dashboard has for a datasource. Newer Grafanas pass them with the query instead. */
export function dashboardFilters(templates: object, datasource: string): AdHocVariableFilter[] {
  const { getAdhocFilters } = templates as { getAdhocFilters?: (datasource: string) => AdHocVariableFilter[] };
  return getAdhocFilters?.call(templates, datasource) ?? [];
}

/** One filter for people: "country = BR". */
export function adHocFilterText({ attribute, operator, values = [] }: Condition): string {
  return `${attribute} ${operator} ${values.join(', ')}`;
}
