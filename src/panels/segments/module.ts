import { PanelPlugin } from '@grafana/data';

import { SegmentsPanel } from './SegmentsPanel';

export const plugin = new PanelPlugin(SegmentsPanel).setNoPadding();
