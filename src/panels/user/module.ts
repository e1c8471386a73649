import { PanelPlugin } from '@grafana/data';

import { UserPanel } from './UserPanel';

export const plugin = new PanelPlugin(UserPanel).setNoPadding();
