import { PanelPlugin } from '@grafana/data';

import { PathwaysPanel } from './PathwaysPanel';

export const plugin = new PanelPlugin(PathwaysPanel).setNoPadding();
