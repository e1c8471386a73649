/** Where the pages of the app are fetched from: beside this module, wherever Grafana has it. */
import * as self from 'amd-module';

declare let __webpack_public_path__: string;

__webpack_public_path__ = self.uri
  ? self.uri.slice(0, self.uri.lastIndexOf('/') + 1)
  : 'public/plugins/footfall-analytics-app/';
