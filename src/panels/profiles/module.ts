import { PanelPlugin } from '@grafana/data';

import { UsersPanel } from './UsersPanel';

export const plugin = new PanelPlugin(UsersPanel).setNoPadding();
