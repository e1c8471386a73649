import { type DataSourceJsonData } from '@grafana/data';

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
  /** Where the traces of events are, and which attribute of an event has the id of its trace: trace_id unless given. */
  tracingDatasourceUid?: string;
  traceIdAttribute?: string;
  enableSecureSocksProxy?: boolean;
}

/** Never sent to the browser once saved. Certificates are PEM texts. */
export interface FootfallSecrets {
  password?: string;
  tlsCACert?: string;
  tlsClientCert?: string;
  tlsClientKey?: string;
}
