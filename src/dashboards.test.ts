/** Rules for the dashboards that come with the app, which no compiler checks. */
import { createHash } from 'crypto';
import fs from 'fs';
import path from 'path';

import { DATASOURCE_TYPE, EXPLORER_DASHBOARD } from './constants';
import { QUERY_TYPES } from './query/queries';
import { type FootfallQuery } from './query/types';

const read = (file: string) => JSON.parse(fs.readFileSync(path.join(__dirname, file), 'utf8'));
const app = read('plugin.json');

interface Include {
  type: string;
  name: string;
  path: string;
  uid: string;
  role: string;
}

interface Panel {
  id: number;
  type: string;
  title: string;
  datasource: object;
  gridPos: { x: number; y: number; w: number; h: number };
  targets?: FootfallQuery[];
}

const includes: Include[] = app.includes.filter(({ type }: Include) => type === 'dashboard');
const reference = { type: DATASOURCE_TYPE, uid: '${datasource}' };

it('are all part of the app', () => {
  const files = fs.readdirSync(path.join(__dirname, 'dashboards')).map((file) => `dashboards/${file}`);
  expect(includes.map(({ path }) => path).sort()).toEqual(files.sort());
});

describe.each(includes)('dashboard $name', ({ name, path: file, uid, role }) => {
  const dashboard = read(file);
  const panels: Panel[] = dashboard.panels;

  it('can be imported by every supported Grafana, for everybody', () => {
    expect(dashboard).toMatchObject({ uid, title: `Footfall / ${name}` });
    expect(dashboard).not.toHaveProperty('__inputs');
    expect(dashboard.schemaVersion).toBeLessThanOrEqual(38);
    expect(role).toBe('Viewer');
    const known = ['table', 'stat', 'timeseries', 'bargauge', 'text'];
    expect(panels.map(({ type }) => type).filter((type) => !known.includes(type))).toEqual([]);
  });

  // Without a greater revision no installation would ever see the change.
  it('has a revision that rises with its content, and says that changes are lost then', () => {
    const { revision, ...content } = dashboard;
    const hash = createHash('sha256').update(JSON.stringify(content)).digest('hex').slice(0, 16);
    // Changed? Append the new hash to the list of src/revisions.json, and set the revision to the list's length.
    const hashes: string[] = read('revisions.json')[file];
    expect({ revision, hash }).toEqual({ revision: hashes.length, hash: hashes.at(-1) });
    expect(dashboard.description).toContain('Save a copy before you change it');
  });

  it('asks the data source that its variable names', () => {
    const variables: Array<{ name: string; type: string; query: string }> = dashboard.templating.list;
    expect(variables.find(({ name }) => name === 'datasource')).toMatchObject({ query: DATASOURCE_TYPE });
    expect(variables.map(({ name }) => name)).toEqual(expect.arrayContaining(['application', 'segment', 'filter']));
    for (const { datasource, targets = [] } of panels) {
      expect(datasource).toEqual(reference);
      for (const { datasource, queryType } of targets) {
        expect(datasource).toEqual(reference);
        expect(Object.keys(QUERY_TYPES)).toContain(queryType);
      }
    }
  });

  it('narrows every panel by its variables', () => {
    for (const { title, targets = [] } of panels) {
      for (const { options } of targets) {
        const text = JSON.stringify(options);
        const missing = ['$application', '$segment', '${filter:raw}'].filter((variable) => !text.includes(variable));
        expect({ title, missing }).toEqual({ title, missing: [] });
      }
    }
  });

  it('has each panel in a place of its own, within 24 columns', () => {
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
    expect(new Set(panels.map(({ title }) => title)).size).toBe(panels.length);
    const taken = new Set<string>();
    for (const { gridPos } of panels) {
      const { x, y, w, h } = gridPos;
      expect(x + w).toBeLessThanOrEqual(24);
      for (let column = x; column < x + w; column++) {
        for (let row = y; row < y + h; row++) {
          expect(taken).not.toContain(`${column} ${row}`);
          taken.add(`${column} ${row}`);
        }
      }
    }
  });

  it('leads to dashboards that there are', () => {
    const uids = [...JSON.stringify(dashboard).matchAll(/"\/d\/([\w-]+)/g)].map(([, uid]) => uid);
    expect(uids.length).toBeGreaterThan(0);
    expect(uids.filter((uid) => !includes.some((include) => include.uid === uid))).toEqual([]);
  });
});

it('list the events that numbers lead to', () => {
  const { path: address, events } = EXPLORER_DASHBOARD;
  const { path: file } = includes.find(({ uid }) => address === `/d/${uid}`)!;
  expect(read(file).panels.find(({ id }: Panel) => id === events).targets[0].queryType).toBe('events');
});
