import { type DataSourceJsonData } from '@grafana/data';
import { type DataQuery } from '@grafana/schema';

/** What each query type asks. What is left out takes the backend's default, which the comments name. */
export interface OptionsByType {
  profiles: ProfilesOptions;
  profile: ProfileOptions;
  topPages: TopOptions;
  topActions: TopOptions;
  sessions: SessionsOptions;
  session: SessionOptions;
  events: EventsOptions;
  pathways: PathwaysOptions;
  explorer: ExplorerOptions;
  facets: FacetsOptions;
  values: ValuesOptions;
  annotations: AnnotationsOptions;
  segments: SegmentsOptions;
  segmentMembers: SegmentMembersOptions;
  segmentSize: SegmentSizeOptions;
}

export type QueryType = keyof OptionsByType;

/** A query of one type. */
export interface QueryOf<T extends QueryType> extends DataQuery {
  queryType: T;
  /** IANA name, e.g. "Europe/Berlin"; the datasource puts in the dashboard's when it sends the query. */
  timeZone?: string;
  /** The dashboard's ad-hoc filters, joined by AND; the datasource puts them in when it sends the query. */
  adHocFilters?: AdHocFilter[];
  options: OptionsByType[T];
}

/** One question to the store. The backend reads the same names (pkg/query) and refuses options it does not know. */
export type FootfallQuery = { [T in QueryType]: QueryOf<T> }[QueryType];

/** What narrows users, sessions and events. */
export interface Selection {
  /** In the filter language: `country:BR page:/cart*`. */
  filter?: string;
  /** Only users who belong to one of them. */
  includeSegments?: SegmentRef[];
  /** No users who belong to any of them. */
  excludeSegments?: SegmentRef[];
}

/** A segment: the id of a stored one, or a definition. */
export type SegmentRef = string | SegmentDefinition;

/** docs/segment.schema.json has all of it. */
export interface SegmentDefinition {
  where: object;
  identity?: string;
  includeAnonymous?: boolean;
  /** Of its dates, whoever asks: an IANA name. Default: UTC, not the dashboard's. */
  timeZone?: string;
}

/** Whose activity is shown: everybody's, or one user's. */
export interface UserSelection {
  /** usr.id, or the anonymous id where anonymous is set. Empty: everybody. */
  user?: string;
  anonymous?: boolean;
}

export interface Sort {
  column: string;
  descending: boolean;
}

/** A part of a list. */
export interface Page {
  /** Rows at most. Default 100 (events 500). */
  limit?: number;
  /** Rows to skip. */
  offset?: number;
}

/** Which users are meant, among all there ever were. */
export interface UsersSelection extends Selection {
  /** Part of a user's id, name or e-mail, in any case. */
  search?: string;
  /** Joined by AND. */
  filters?: Condition[];
  includeAnonymous?: boolean;
  /** Only users with an event in the dashboard's range. */
  activeInRange?: boolean;
}

/** The list of users, one row each. */
export interface ProfilesOptions extends UsersSelection, Page {
  /** Attribute ids, in the order shown. Default: all but the custom ones. */
  columns?: string[];
  sort?: Sort;
  /** Count all users that match, not only those returned. */
  includeTotal?: boolean;
}

/** Users counted by the values of attributes: a frame each, without what `filter` says of the attribute itself. */
export interface FacetsOptions extends UsersSelection {
  /** Of users, or "segment". Required. */
  attributes?: CountedAttribute[];
  /** Values of each attribute. Default 10. */
  limit?: number;
}

export interface CountedAttribute {
  attribute: string;
  /** Part of a value, or of a country's or segment's name, in any case. */
  search?: string;
  /** Counted too, however few users have them. */
  values?: string[];
}

/** One user's attributes and totals, compared with the users that `filter` selects. `user` is required. */
export interface ProfileOptions extends Selection, UserSelection {}

/** The pages viewed or actions done most. */
export interface TopOptions extends Selection, UserSelection {
  /** Default 20. */
  limit?: number;
  includeAnonymous?: boolean;
}

/** Sessions that start in the range, one row each. */
export interface SessionsOptions extends Selection, UserSelection, Page {
  /** Default: the latest first. */
  sort?: Sort;
  includeTotal?: boolean;
  includeAnonymous?: boolean;
  /** Only the sessions counted in one node or link of these pathways. Links set it; it is not edited by hand. */
  pathway?: PathwayPart | null;
}

export interface PathwayPart {
  options: PathwaysOptions;
  node?: { step: number; name: string; kind?: string };
  link?: { step: number; from: string; to: string; fromKind?: string; toKind?: string };
}

/** One session with those of its events that `filter` selects, in order. Needs `session`, or `user` and `start`. */
export interface SessionOptions extends Selection, UserSelection {
  /** session.id */
  session?: string;
  /** When it starts, or any moment in it: RFC 3339 or milliseconds since 1970. */
  start?: string;
}

/** Events, the newest first. */
export interface EventsOptions extends Selection, Page {
  /** Default true. */
  includeAnonymous?: boolean;
}

export type PathwayAnchor = 'start' | 'after' | 'before';

/** The ways through the pages. */
export interface PathwaysOptions extends Selection {
  /** Default "start". */
  anchor?: PathwayAnchor;
  /** Of the anchors after and before: a page, or a pattern with *. */
  page?: string;
  /** What is counted. Default "session". */
  unit?: 'session' | 'user';
  /** Actions as well as pages. */
  actions?: boolean;
  /** Patterns with * that merge pages into one node, e.g. "/product/*". */
  groups?: string[];
  /** Patterns with * of pages to leave out. */
  hide?: string[];
  /** Join consecutive repeats (default), or keep each page's first only. */
  repeats?: 'collapse' | 'first';
  /** 2 to 20, default 5. */
  steps?: number;
  /** 1 to 50, default 10; the rest is one node "other". */
  nodesPerStep?: number;
  /** Nodes with less are part of "other". */
  minCount?: number;
  includeAnonymous?: boolean;
}

/** Numbers over time, by facets, or one number. */
export interface ExplorerOptions extends Selection {
  /** What is counted. Default "events". */
  over?: 'events' | 'sessions' | 'users';
  /** Default: one count. */
  measures?: Measure[];
  /** Up to three, nested. */
  facets?: Facet[];
  /** Default "timeseries". */
  format?: 'timeseries' | 'table' | 'value';
  /** Calendar buckets in the query's time zone. Default "auto": the dashboard's interval. */
  interval?: 'auto' | 'minute' | 'hour' | 'day' | 'week' | 'month';
  /** Points for buckets without data; default true. */
  fill?: boolean;
  includeAnonymous?: boolean;
}

export type MeasureName = 'count' | 'users' | 'sessions' | NumericMeasureName;
export type NumericMeasureName = 'sum' | 'avg' | 'min' | 'max' | 'median' | 'p75' | 'p90' | 'p95' | 'p99';

export interface SimpleMeasure {
  measure: MeasureName;
  /** The number that NumericMeasureName takes. */
  attribute?: string;
  /** Narrows this measure alone. */
  filter?: string;
  name?: string;
}

export interface RatioMeasure {
  ratio: { of: SimpleMeasure; to: SimpleMeasure };
  name?: string;
}

export type Measure = SimpleMeasure | RatioMeasure;

export interface Facet {
  attribute: string;
  /** Values with the largest first measure; default 10. */
  limit?: number;
  /** Add one for all other values. */
  other?: boolean;
}

/** The values of an attribute, for variables and suggestions. No filter narrows them. */
export interface ValuesOptions {
  attribute?: string;
  /** Beginning of a value, in any case; for user_id any part of a user's id, name or e-mail. */
  search?: string;
  /** Default 50. */
  limit?: number;
}

export interface AnnotationsOptions extends Selection {
  /** Default "frustrations". */
  kind?: 'frustrations' | 'firstSeen' | 'events';
  /** Default 200. */
  limit?: number;
}

/** All segments with their state. There is nothing to choose. */
export type SegmentsOptions = Record<never, never>;

/** The users of a segment, one row each. `segment` is required. */
export interface SegmentMembersOptions extends Page {
  segment?: SegmentRef;
  /** Part of a user's id, name or e-mail, in any case. */
  search?: string;
  /** Attribute ids, in the order shown. Default: all but the custom ones. */
  columns?: string[];
  sort?: Sort;
}

/** The sizes of segments over time. */
export interface SegmentSizeOptions {
  /** Ids. Default: all. */
  segments?: string[];
}

/** A condition on one attribute of a user. */
export interface Condition {
  attribute: string;
  operator: FilterOperator;
  values?: string[];
}

export type FilterOperator = '=' | '!=' | '<' | '<=' | '>' | '>=' | 'contains' | 'exists' | 'not exists';

/** One of a dashboard's ad-hoc filters. */
export interface AdHocFilter {
  attribute: string;
  /** Grafana's: = != =~ !~ < > =| !=| */
  operator: string;
  values: string[];
}

export type AttributeLevel = 'profile' | 'session' | 'event';

/** What is known of users, sessions and events, as the backend's resource GET /attributes lists it. */
export interface Attribute {
  /** e.g. "last_country", "usr.plan" */
  id: string;
  /** e.g. "Last country" */
  name: string;
  level: AttributeLevel;
  type: 'text' | 'number' | 'time' | 'duration';
  /** A user may have several values of it: no column, facet or measure. */
  filterOnly?: boolean;
}

/** A value as the backend's resource GET /values lists it. */
export interface AttributeValue {
  value: string;
  /** For people, e.g. a country's name. */
  text: string;
  /** null where it would take long to count. */
  count: number | null;
}

/** A segment as the backend's resource GET /segments lists it, among much else. */
export interface Segment {
  id: string;
  name: string;
}

export type SslMode = 'disable' | 'require' | 'verify-ca' | 'verify-full';

/** Settings; those that Grafana's own Postgres datasource has too are named as there. Times are in seconds. */
export interface FootfallSettings extends DataSourceJsonData {
  database?: string;
  sslmode?: SslMode;
  tlsServerName?: string;
  maxOpenConns?: number;
  minIdleConns?: number;
  connMaxLifetime?: number;
  connMaxIdleTime?: number;
  connectTimeout?: number;
  statementTimeout?: number;
  pgBouncer?: boolean;
  timeZone?: string;
  runWorker?: boolean;
  restrictExport?: boolean;
  enableSecureSocksProxy?: boolean;
}

/** Never sent to the browser once saved. Certificates are PEM texts. */
export interface FootfallSecrets {
  password?: string;
  tlsCACert?: string;
  tlsClientCert?: string;
  tlsClientKey?: string;
}
