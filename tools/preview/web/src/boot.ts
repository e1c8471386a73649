import { type AppPluginMeta } from '@grafana/data';
import { config } from '@grafana/runtime';

/** What the host says beside what Grafana's boot data have. */
export interface Preview {
  roles: string[];
  roleCookie: string;
  themeCookie: string;
  datasourceCookie: string;
  app: AppPluginMeta;
  /** Whether to load again when the plugin was built anew. */
  watch: boolean;
  build: string;
}

export const preview = (window as unknown as { grafanaBootData: { preview: Preview } }).grafanaBootData.preview;

/** Sets one of the bar's switches and draws the page anew with it. */
export function choose(cookie: string, value: string) {
  document.cookie = `${cookie}=${encodeURIComponent(value)}; path=/; samesite=strict`;
  window.location.reload();
}

export const role = () => config.bootData.user.orgRole;
