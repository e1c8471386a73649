import { DataSourcePlugin } from '@grafana/data';

import { type FootfallQuery } from '../query/types';

import { ConfigEditor } from './components/ConfigEditor';
import { Examples } from './components/Examples';
import { QueryEditor } from './components/QueryEditor';
import { FootfallDatasource } from './datasource';
import { type FootfallSecrets, type FootfallSettings } from './types';

export const plugin = new DataSourcePlugin<FootfallDatasource, FootfallQuery, FootfallSettings, FootfallSecrets>(
  FootfallDatasource
)
  .setConfigEditor(ConfigEditor)
  .setQueryEditor(QueryEditor)
  .setQueryEditorHelp(Examples);
