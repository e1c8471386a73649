/**
 * Where parts of the program are fetched from: the app's folder, also by the modules of nested plugins, which lie elsewhere.
 * Each module imports this first.
 */
import * as self from 'amd-module';

import { config } from '@grafana/runtime';

import { appFolder } from './appFolder';

declare let __webpack_public_path__: string;

__webpack_public_path__ = appFolder(self.uri ?? self.id, config.appSubUrl);
