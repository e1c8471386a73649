import { type Health } from '../../api/health';
import { type StoreStatus } from '../../query/types.gen';

import { isSetUp, stepsOf } from './steps';

const NOW = Date.parse('2026-11-20T10:00:00Z');
const before = (ms: number) => new Date(NOW - ms).toISOString();
const STATUS = {
  ...{ schema_version: 23, worker_heartbeat: before(1000), worker_host: 'w1', inbox: 0 },
  ...{ events: 1234, sessions: 200, users: 50, anonymous: 0, last_event: before(60_000) },
} as StoreStatus;

const health = (details: Health['details'], ok = true): Health => ({ ok, message: 'What the backend says.', details });
const statesOf = (one: Health) =>
  stepsOf(one, NOW, true)
    .slice(0, -1)
    .map(({ state }) => state);
const withStatus = (status: Partial<StoreStatus>, ok = true) =>
  health({ postgres: '18.4', status: { ...STATUS, ...status } }, ok);

it('knows what is to be done next', () => {
  expect(statesOf(health({}, false))).toEqual(['now', 'later', 'later', 'later', 'later']);
  expect(statesOf(health({ postgres: '18.4' }, false))).toEqual(['done', 'now', 'later', 'later', 'later']);
  expect(statesOf(withStatus({ worker_heartbeat: null, events: 0, users: 0 }))).toEqual([
    ...['done', 'done', 'now', 'later', 'later'],
  ]);
  expect(statesOf(withStatus({ events: 0, users: 0 }))).toEqual(['done', 'done', 'done', 'now', 'later']);
  expect(statesOf(withStatus({ users: 0 }))).toEqual(['done', 'done', 'done', 'done', 'now']);
  expect(statesOf(withStatus({}))).toEqual(['done', 'done', 'done', 'done', 'done']);
});

it('says what the backend says of what is wrong', () => {
  const texts = stepsOf(health({ postgres: '18.4' }, false), NOW, true).map(({ text }) => text);
  expect(texts.slice(0, 2)).toEqual(['PostgreSQL 18.4 answers.', 'What the backend says.']);
  expect(stepsOf(withStatus({ users: 0 }), NOW, true)[4].text).toBe(
    'they come with the first event that has a usr.id.'
  );
});

it('misses a worker where something waits for it', () => {
  const silent = { worker_heartbeat: before(3_600_000) };
  expect(statesOf(withStatus({ ...silent, inbox: 7 }, false))[2]).toBe('now');
  expect(statesOf(withStatus(silent))[2]).toBe('done');
});

it('goes without dashboards', () => {
  const steps = stepsOf(withStatus({}), NOW, false);
  expect(steps.at(-1)).toMatchObject({ name: 'dashboards', state: 'later' });
  expect(isSetUp(steps)).toBe(true);
  expect(isSetUp(stepsOf(health({}, false), NOW, true))).toBe(false);
});
