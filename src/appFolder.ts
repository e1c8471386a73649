import { APP_ID } from './constants';

/** What Grafana has a plugin's files below, at its own address and at that of a CDN alike. */
const OF_A_PLUGIN = /\/public\/plugins\/[^/]+\//;

/**
 * Where the files of the app are, told from the address of one of its modules, with a slash at the end. Grafana serves those
 * of nested plugins as plugins of their own (/public/plugins/<their id>/module.js), a CDN as files below the app's.
 *
 * @param uri the module's own address, where what loaded it says a whole one
 * @param root the path that Grafana is served at, '' where it has none
 */
export function appFolder(uri: string | undefined, root: string): string {
  const at = uri?.search(OF_A_PLUGIN) ?? -1;
  return `${at < 0 ? root : uri!.slice(0, at)}/public/plugins/${APP_ID}/`;
}
