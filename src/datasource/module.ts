import '../publicPath';

import { DataSourcePlugin } from '@grafana/data';

import { fetched } from '../components/fetched';
import { type FootfallQuery } from '../query/types';

import { Examples } from './components/Examples';
import { QueryEditor } from './components/QueryEditor';
import { FootfallDatasource } from './datasource';
import { type FootfallSecrets, type FootfallSettings } from './types';

export const plugin = new DataSourcePlugin<FootfallDatasource, FootfallQuery, FootfallSettings, FootfallSecrets>(
  FootfallDatasource
)
  .setConfigEditor(fetched(() => import(/* webpackChunkName: "settings" */ './components/ConfigEditor')))
  .setQueryEditor(QueryEditor)
  .setQueryEditorHelp(Examples);
