import { type DataSourceJsonData } from '@grafana/data';
import { type DataQuery } from '@grafana/schema';

/** One question to the store. The backend reads the same names (pkg/query) and refuses options it does not know. */
export interface FootfallQuery extends DataQuery {
  queryType: 'profiles';
  /** IANA name, e.g. "Europe/Berlin"; the datasource puts in the dashboard's when it sends the query. */
  timeZone?: string;
  options: ProfilesOptions;
}

/** The list of users, one row each. What is left out takes the backend's default. */
export interface ProfilesOptions {
  /** Part of a user's id, name or e-mail, in any case. */
  search?: string;
  /** Joined by AND. */
  filters?: ProfileFilter[];
  /** Attribute ids, in the order shown. Default: all but the custom ones. */
  columns?: string[];
  sort?: ProfileSort;
  /** 1 to 10,000; default 100. */
  limit?: number;
  offset?: number;
  /** Count all users that match, not only those returned. */
  includeTotal?: boolean;
  includeAnonymous?: boolean;
}

export interface ProfileSort {
  column: string;
  descending: boolean;
}

export interface ProfileFilter {
  attribute: string;
  operator: FilterOperator;
  values?: string[];
}

export type FilterOperator = '=' | '!=' | '<' | '<=' | '>' | '>=' | 'contains' | 'exists' | 'not exists';

/** A profile attribute as the backend's resource GET /attributes lists it. */
export interface ProfileAttribute {
  /** e.g. "last_country", "usr.plan" */
  id: string;
  /** e.g. "Last country" */
  name: string;
  type: 'text' | 'number' | 'time';
}

export type SslMode = 'disable' | 'require' | 'verify-ca' | 'verify-full';

/** Settings, named as Grafana's own Postgres datasource names them. Times are in seconds. */
export interface FootfallSettings extends DataSourceJsonData {
  database?: string;
  sslmode?: SslMode;
  tlsServerName?: string;
  maxOpenConns?: number;
  maxIdleConns?: number;
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
