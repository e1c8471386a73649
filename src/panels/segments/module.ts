import '../../publicPath';

import { PanelPlugin } from '@grafana/data';

import { fetched } from '../../components/fetched';

export const plugin = new PanelPlugin(
  fetched(() => import(/* webpackChunkName: "segments" */ './SegmentsPanel'))
).setNoPadding();
