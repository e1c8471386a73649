import './publicPath';

import { AppPlugin } from '@grafana/data';

import { App } from './pages/App';

export const plugin = new AppPlugin().setRootPage(App);
