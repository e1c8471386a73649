import { PanelPlugin } from '@grafana/data';

import { SessionsPanel } from './SessionsPanel';

export const plugin = new PanelPlugin(SessionsPanel).setNoPadding();
