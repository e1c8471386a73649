/** What panels keep in the address of their dashboard, each behind a prefix of its own. */
import { locationService } from '@grafana/runtime';

import { setParameters } from '../address';

const prefixOf = (panel: number) => `ff${panel}.`;

/** The parameters of one panel. */
export function fromPanelAddress(search: string, panel: number): URLSearchParams {
  const prefix = prefixOf(panel);
  const own = [...new URLSearchParams(search)].filter(([name]) => name.startsWith(prefix));
  return new URLSearchParams(own.map(([name, value]) => [name.slice(prefix.length), value]));
}

/** Puts other parameters of one panel into the address; those of everything else stay. */
export function setPanelParameters(panel: number, parameters: string[][], replace: boolean) {
  const prefix = prefixOf(panel);
  const { search } = locationService.getLocation();
  const others = [...new URLSearchParams(search)].filter(([name]) => !name.startsWith(prefix));
  const own = parameters.map(([name, value]) => [prefix + name, value]);
  setParameters([...others, ...own], replace);
}
