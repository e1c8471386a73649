import { appFolder } from './appFolder';

const CDN = 'https://host/footfall-analytics-app/1.0.0/public/plugins/footfall-analytics-app/';

it.each([
  ['/public/plugins/footfall-analytics-app/module.js', '/public/plugins/footfall-analytics-app/'],
  ['/public/plugins/footfall-profiles-panel/module.js', '/public/plugins/footfall-analytics-app/'],
  ['/public/plugins/footfall-analytics-datasource/module.js?_cache=1.0.0', '/public/plugins/footfall-analytics-app/'],
  ['public/plugins/footfall-user-panel/module.js', '/grafana/public/plugins/footfall-analytics-app/'],
  ['/grafana/public/plugins/footfall-user-panel/module.js', '/grafana/public/plugins/footfall-analytics-app/'],
  [
    'http://localhost:3000/public/plugins/footfall-pathways-panel/module.js',
    'http://localhost:3000/public/plugins/footfall-analytics-app/',
  ],
  [`${CDN}module.js`, CDN],
  [`${CDN}datasource/module.js`, CDN],
  [`${CDN}panels/profiles/module.js?_cache=1.0.0`, CDN],
  [undefined, '/grafana/public/plugins/footfall-analytics-app/'],
  ['', '/grafana/public/plugins/footfall-analytics-app/'],
  ['module.js', '/grafana/public/plugins/footfall-analytics-app/'],
])('%s has its chunks in %s', (uri, folder) => {
  expect(appFolder(uri, '/grafana')).toBe(folder);
});

it('needs no path before it', () => {
  expect(appFolder(undefined, '')).toBe('/public/plugins/footfall-analytics-app/');
});
