import { type DataSourcePluginOptionsEditorProps, type DataSourceSettings } from '@grafana/data';

import { type FootfallSecrets, type FootfallSettings, type SslMode } from '../../types';

export type EditorProps = DataSourcePluginOptionsEditorProps<FootfallSettings, FootfallSecrets>;
export type Settings = DataSourceSettings<FootfallSettings, FootfallSecrets>;

export const DEFAULT_SSL_MODE: SslMode = 'require';

/** The attribute of events that holds the id of a trace. */
export const DEFAULT_TRACE_ID = 'trace_id';

/** What the backend does where a number is left empty; shown as placeholders. */
export const DEFAULT_NUMBERS = {
  maxOpenConns: 10,
  minIdleConns: 0,
  connMaxLifetime: 14400,
  connMaxIdleTime: 1800,
  connectTimeout: 10,
  statementTimeout: 60,
} as const;
export type NumberSetting = keyof typeof DEFAULT_NUMBERS;

export function withJsonData(settings: Settings, change: Partial<FootfallSettings>): Settings {
  return { ...settings, jsonData: { ...settings.jsonData, ...change } };
}

export function withSecret(settings: Settings, name: keyof FootfallSecrets, value: string): Settings {
  return { ...settings, secureJsonData: { ...settings.secureJsonData, [name]: value } };
}

/** Forgets a stored secret, so that a new one can be typed. */
export function withoutSecret(settings: Settings, name: keyof FootfallSecrets): Settings {
  return {
    ...withSecret(settings, name, ''),
    secureJsonFields: { ...settings.secureJsonFields, [name]: false },
  };
}
