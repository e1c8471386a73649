import { DATASOURCE } from '../ask';
import { expect, test } from '../fixtures';
import { NEEDS_GRAFANA } from '../host';

const FOLDER = 'footfall-e2e-alerts';

interface Rule {
  name: string;
  state: string;
  health: string;
  lastError?: string;
}

/** Rules are evaluated without a user, over a range of their own. */
test('alert rules on Footfall queries are evaluated', NEEDS_GRAFANA, async ({ api }) => {
  const query = (queryType: string, options: object) => ({
    refId: 'A',
    relativeTimeRange: { from: 30 * 24 * 3600, to: 0 },
    datasourceUid: DATASOURCE.uid,
    model: { refId: 'A', datasource: DATASOURCE, queryType, options },
  });
  const expression = (refId: string, model: object) => ({
    refId,
    relativeTimeRange: { from: 0, to: 0 },
    datasourceUid: '__expr__',
    model: { refId, datasource: { type: '__expr__', uid: '__expr__' }, ...model },
  });
  const threshold = (input: string, evaluator: object) =>
    expression('C', { type: 'threshold', expression: input, conditions: [{ evaluator }] });
  const reduce = expression('B', { type: 'reduce', reducer: 'sum', expression: 'A' });
  const events = { measures: [{ measure: 'count' }] };
  const rules = {
    'many events': [query('explorer', events), reduce, threshold('B', { type: 'gt', params: [100] })],
    'no events': [query('explorer', events), reduce, threshold('B', { type: 'lt', params: [1] })],
    'two measures': [
      query('explorer', { measures: [{ measure: 'count' }, { measure: 'users' }] }),
      reduce,
      threshold('B', { type: 'gt', params: [1] }),
    ],
    'users of a segment': [
      query('explorer', {
        format: 'value',
        measures: [{ measure: 'users' }],
        includeSegments: [{ where: { users: 'sessions:>=2' } }],
      }),
      threshold('A', { type: 'gt', params: [0] }),
    ],
  };

  await api.delete(`/api/folders/${FOLDER}?forceDeleteRules=true`);
  const folder = await api.post('/api/folders', { data: { uid: FOLDER, title: 'Footfall, alerts' } });
  expect(folder.ok(), await folder.text()).toBe(true);
  try {
    for (const [title, data] of Object.entries(rules)) {
      const created = await api.post('/api/v1/provisioning/alert-rules', {
        data: {
          title,
          data,
          condition: 'C',
          folderUID: FOLDER,
          ruleGroup: title,
          orgID: 1,
          for: '0s',
          noDataState: 'NoData',
          execErrState: 'Error',
        },
      });
      expect(created.ok(), await created.text()).toBe(true);
      await api.put(`/api/v1/provisioning/folder/${FOLDER}/rule-groups/${encodeURIComponent(title)}`, {
        data: { ...(await created.json()), title, folderUid: FOLDER, interval: 10, rules: [await created.json()] },
      });
    }
    const states = async () => {
      const answer = await api.get('/api/prometheus/grafana/api/v1/rules');
      const groups: Array<{ rules: Rule[] }> = (await answer.json()).data.groups;
      return Object.fromEntries(
        groups
          .flatMap((group) => group.rules)
          .map((rule) => [rule.name, rule.lastError || `${rule.health}, ${rule.state}`])
      );
    };
    await expect.poll(states, { timeout: 150_000, intervals: [2000] }).toMatchObject({
      'many events': 'ok, firing',
      'no events': 'ok, inactive',
      'two measures': 'ok, firing',
      'users of a segment': 'ok, firing',
    });
  } finally {
    await api.delete(`/api/folders/${FOLDER}?forceDeleteRules=true`);
  }
});
