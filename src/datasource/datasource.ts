import {
  type AdHocVariableFilter,
  CoreApp,
  type DataFrame,
  type DataQueryRequest,
  type DataSourceInstanceSettings,
  type MetricFindValue,
  type ScopedVars,
} from '@grafana/data';
import { DataSourceWithBackend, getTemplateSrv } from '@grafana/runtime';
import { map } from 'rxjs';

import { PATHWAYS_PANEL_ID } from '../constants';
import { adHocFilters, dashboardFilters } from '../query/adHocFilters';
import { shownBy } from '../query/explored';
import { interpolate } from '../query/interpolate';
import { defaultQuery, displayText, isComplete, withDefaults } from '../query/queries';
import { ianaTimeZone } from '../query/timeZone';
import { type FootfallQuery } from '../query/types';
import { type Attribute, type AttributeValue, type Segment } from '../query/types.gen';

import { annotationSupport } from './annotations';
import { withListsBehind } from './behind';
import { withExactLinks } from './links';
import { type FootfallSettings } from './types';
import { FootfallVariables } from './variables';

/** How long the list of segments is taken to be as it was, in milliseconds. */
const SEGMENTS_AGE = 60_000;

const LEVELS = { profile: 'User', session: 'Session', event: 'Event' };

export class FootfallDatasource extends DataSourceWithBackend<FootfallQuery, FootfallSettings> {
  private attributes?: Promise<Attribute[]>;
  private segments?: { askedAt: number; list: Promise<Segment[]> };

  annotations = annotationSupport;

  constructor(settings: DataSourceInstanceSettings<FootfallSettings>) {
    super(settings);
    this.variables = new FootfallVariables(this);
  }

  getDefaultQuery(app?: CoreApp): Partial<FootfallQuery> {
    return defaultQuery(app) as Partial<FootfallQuery>;
  }

  getQueryDisplayText(query: FootfallQuery): string {
    return displayText(withDefaults(query));
  }

  filterQuery(query: FootfallQuery): boolean {
    return !query.hide && isComplete(withDefaults(query));
  }

  query(request: DataQueryRequest<FootfallQuery>) {
    const timeZone = ianaTimeZone(request.timezone);
    // A variable may be empty, such as the user that nobody has chosen yet.
    const complete = request.targets
      .map((target) => ({ target, asked: this.applyTemplateVariables(target, request.scopedVars, request.filters) }))
      .filter(({ asked }) => isComplete(asked));
    const targets = complete.map(({ target }) => ({ ...target, timeZone }));
    const linked = (frame: DataFrame) => {
      const query = complete.find(({ target }) => target.refId === frame.refId)?.asked;
      const exact = withExactLinks(frame);
      if (query?.queryType === 'pathways' && request.app === CoreApp.Explore) {
        return shownBy(PATHWAYS_PANEL_ID, exact, { ...query, datasource: this.getRef() }, request);
      }
      return query ? withListsBehind(exact, query, { uid: this.uid, range: request.range, timeZone }) : exact;
    };
    return super
      .query({ ...request, targets })
      .pipe(map((response) => ({ ...response, data: response.data.map(linked) })));
  }

  /** Variables, ad-hoc filters and, where Grafana calls this without query(), the time zone. */
  applyTemplateVariables(
    stored: FootfallQuery,
    scopedVars: ScopedVars,
    filters?: AdHocVariableFilter[]
  ): FootfallQuery {
    const query = withDefaults(stored);
    const templates = getTemplateSrv();
    const ofDashboard = adHocFilters(filters ?? dashboardFilters(templates, this.name));
    const all = [...(query.adHocFilters ?? []), ...ofDashboard];
    const zone = templates.replace('$__timezone', scopedVars);
    return {
      ...query,
      ...(!query.timeZone && !zone.startsWith('$') && { timeZone: ianaTimeZone(zone) }),
      ...(all.length > 0 && { adHocFilters: all }),
      options: interpolate(query.options, (text, format) => templates.replace(text, scopedVars, format)),
    } as FootfallQuery;
  }

  /** What is known of users, sessions and events in this store, custom attributes included. Asked for once. */
  getAttributes(): Promise<Attribute[]> {
    this.attributes ??= this.getResource<Attribute[]>('attributes').catch((error) => {
      this.attributes = undefined;
      throw error;
    });
    return this.attributes;
  }

  /**
   * The stored segments by name. All who ask share one request; a minute later they may have changed, and where one that is
   * named is missing they have.
   */
  async getSegments(named: string[] = []): Promise<Segment[]> {
    if (this.segments && Date.now() - this.segments.askedAt < SEGMENTS_AGE) {
      const known = await this.segments.list;
      if (named.every((id) => known.some((segment) => segment.id === id))) {
        return known;
      }
    }
    const list = this.getResource<Segment[]>('segments').catch((error) => {
      this.segments = undefined;
      throw error;
    });
    this.segments = { askedAt: Date.now(), list };
    return list;
  }

  /** The values of an attribute that begin with a text, those used most first. A failure is shown by nobody. */
  getValues(attribute: string, search: string, limit: number): Promise<AttributeValue[]> {
    return this.getResource<AttributeValue[]>('values', { attribute, search, limit }, { showErrorAlert: false });
  }

  /** How the dashboard's variables that hold texts are written in a query: `$facet`. */
  getReferences(): string[] {
    const withoutText = ['adhoc', 'groupby', 'datasource'];
    const variables = getTemplateSrv().getVariables();
    return variables.filter(({ type }) => !withoutText.includes(type)).map(({ name }) => `$${name}`);
  }

  /** What ad-hoc filters can be about. Grafana 10.1 takes the text for the key, so it is the attribute's id. */
  async getTagKeys(): Promise<MetricFindValue[]> {
    const attributes = await this.getAttributes();
    return attributes.map(({ id, level }) => ({ text: id, value: id, group: LEVELS[level] }));
  }

  /** The values to choose from, those used most first. Grafana 10.1 takes the text for the value. */
  async getTagValues({ key }: { key: string }): Promise<MetricFindValue[]> {
    const values = await this.getResource<AttributeValue[]>('values', { attribute: key, limit: 1000 });
    return values.map(({ value }) => ({ text: value, value }));
  }
}
