/** Icons for what a column says. Each is in Grafana 10.1 and in the newest; the word beside it says the rest. */
import { type IconName } from '@grafana/ui';

const MOBILE = /^(mobile|tablet|phone|android|ios|ipados)/i;
const DESKTOP = /^(desktop|tv|windows|mac|linux|ubuntu|chrome ?os)/i;

/** The icon of a value of an attribute of devices, systems and browsers; undefined for what has none. */
export function iconOf(attribute: string, value: string): IconName | undefined {
  if (/browser_name$/.test(attribute)) {
    return 'compass';
  }
  if (/(device_type|os_name)$/.test(attribute)) {
    return MOBILE.test(value) ? 'mobile-android' : DESKTOP.test(value) ? 'monitor' : undefined;
  }
  return undefined;
}

/** How a count of something that went wrong is marked; undefined for other counts. */
export function markOf(attribute: string): 'frustrations' | 'errors' | undefined {
  const [, of] = /^(?:session_)?(frustrations|errors)$/.exec(attribute) ?? [];
  return of as 'frustrations' | 'errors' | undefined;
}
