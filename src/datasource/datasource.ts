import { type DataQueryRequest, type DataSourceInstanceSettings, type ScopedVars, type TimeZone } from '@grafana/data';
import { DataSourceWithBackend, getTemplateSrv } from '@grafana/runtime';

import { interpolate, isComplete } from './profiles';
import { type FootfallQuery, type FootfallSettings, type ProfileAttribute } from './types';

export class FootfallDatasource extends DataSourceWithBackend<FootfallQuery, FootfallSettings> {
  private attributes?: Promise<ProfileAttribute[]>;

  constructor(settings: DataSourceInstanceSettings<FootfallSettings>) {
    super(settings);
  }

  getDefaultQuery(): Partial<FootfallQuery> {
    return { queryType: 'profiles', options: {} };
  }

  filterQuery(query: FootfallQuery): boolean {
    return !query.hide && isComplete(query.options ?? {});
  }

  query(request: DataQueryRequest<FootfallQuery>) {
    const timeZone = ianaTimeZone(request.timezone);
    return super.query({ ...request, targets: request.targets.map((target) => ({ ...target, timeZone })) });
  }

  applyTemplateVariables(query: FootfallQuery, scopedVars: ScopedVars): FootfallQuery {
    const templates = getTemplateSrv();
    return {
      ...query,
      options: interpolate(query.options ?? {}, (text, format) => templates.replace(text, scopedVars, format)),
    };
  }

  /** The profile attributes of this store, custom ones included. Asked for once. */
  getAttributes(): Promise<ProfileAttribute[]> {
    this.attributes ??= this.getResource<ProfileAttribute[]>('attributes').catch((error) => {
      this.attributes = undefined;
      throw error;
    });
    return this.attributes;
  }
}

/** Grafana's "browser" and "utc" as names that Postgres knows. */
export function ianaTimeZone(timeZone: TimeZone): string {
  switch (timeZone) {
    case '':
    case 'browser':
      return Intl.DateTimeFormat().resolvedOptions().timeZone;
    case 'utc':
      return 'UTC';
    default:
      return timeZone;
  }
}
