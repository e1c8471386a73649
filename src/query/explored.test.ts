import { CoreApp, type DataFrame, dateTime, type TimeRange } from '@grafana/data';

import { exploredRequest, shownBy } from './explored';
import { type FootfallQuery } from './types';

const range: TimeRange = {
  from: dateTime(0),
  to: dateTime(1000),
  raw: { from: dateTime(0), to: dateTime(1000) },
};
const query = { refId: 'A', queryType: 'pathways', options: { anchor: 'after', page: '/cart' } } as FootfallQuery;
const frame: DataFrame = { fields: [], length: 0, meta: { custom: { counted: 3 } } };

it('tells a panel what was asked, and keeps what a frame says of itself', () => {
  const request = {
    ...{ app: CoreApp.Explore, requestId: 'Q1', startTime: 7, timezone: 'Europe/Berlin', range },
    ...{ interval: '5m', intervalMs: 300_000, scopedVars: {}, targets: [query] },
  };
  const shown = shownBy('a-panel', frame, query, request);
  expect(shown.meta).toMatchObject({ preferredVisualisationPluginId: 'a-panel', custom: { counted: 3 } });
  expect(exploredRequest([{ fields: [], length: 0 }, shown], range)).toMatchObject({
    ...{ app: CoreApp.Explore, requestId: 'Q1', startTime: 7, timezone: 'Europe/Berlin', range, targets: [query] },
  });
});

it('says nothing of frames that do not tell', () => {
  expect(exploredRequest([], range)).toBeUndefined();
  expect(exploredRequest([frame], range)).toBeUndefined();
});
