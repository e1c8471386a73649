/** Rules that no compiler checks: for manifests, and for how modules begin. */
import fs from 'fs';
import path from 'path';

import * as ids from './constants';

const read = (file: string) => JSON.parse(fs.readFileSync(path.join(__dirname, file), 'utf8'));
const app = read('plugin.json');
const datasource = read('datasource/plugin.json');
const panels = ['panels/pathways', 'panels/profiles', 'panels/segments', 'panels/sessions', 'panels/user'];
const [pathways, users, segments] = panels.map((folder) => read(`${folder}/plugin.json`));

interface Include {
  type: string;
  path: string;
}
const includes = (type: string): Include[] => app.includes.filter((include: Include) => include.type === type);

describe('manifests', () => {
  it('have the ids the code uses', () => {
    expect([app.id, datasource.id]).toEqual([ids.APP_ID, ids.DATASOURCE_TYPE]);
    expect([pathways.id, users.id, segments.id]).toEqual([
      ids.PATHWAYS_PANEL_ID,
      ids.USERS_PANEL_ID,
      ids.SEGMENTS_PANEL_ID,
    ]);
    expect(includes('page').map(({ path }) => path)).toEqual(
      ['', '/users', '/segments', '/pathways', '/sessions', '/tables'].map((path) => `/a/${ids.APP_ID}${path}`)
    );
  });

  it('include every nested plugin', () => {
    const nested = fs
      .readdirSync(__dirname, { recursive: true, encoding: 'utf8' })
      .filter((file) => /.\/plugin\.json$/.test(file));
    expect(nested.sort()).toEqual(['datasource', ...panels].map((folder) => `${folder}/plugin.json`));
    expect([...includes('datasource'), ...includes('panel')].map((include) => include.path).sort()).toEqual(nested);
  });

  it('leave the executable to the datasource', () => {
    expect(app).not.toHaveProperty('backend');
    expect(app).not.toHaveProperty('executable');
    expect(datasource).toMatchObject({ backend: true, executable: 'gpx_footfall' });
  });

  it('say what the datasource can do', () => {
    expect(datasource).toMatchObject({ metrics: true, alerting: true, annotations: true });
  });

  it('have their pictures', () => {
    for (const [folder, { info }] of Object.entries({
      '.': app,
      datasource,
      [panels[0]]: pathways,
      [panels[1]]: users,
      [panels[2]]: segments,
    })) {
      const pictures = [info.logos.small, info.logos.large, ...info.screenshots.map((shot: Include) => shot.path)];
      const missing = pictures.filter((file) => !fs.existsSync(path.join(__dirname, folder, file)));
      expect(missing).toEqual([]);
    }
  });
});

it('modules say first where their parts are fetched from', () => {
  const modules = fs
    .readdirSync(__dirname, { recursive: true, encoding: 'utf8' })
    .filter((file) => /^module\.tsx?$/.test(path.basename(file)));
  expect(modules).toHaveLength(1 + panels.length + 1);
  for (const file of modules) {
    const [first] = fs.readFileSync(path.join(__dirname, file), 'utf8').split('\n');
    const own = path.relative(path.dirname(file), 'publicPath');
    expect([file, first]).toEqual([file, `import '${own.startsWith('.') ? own : `./${own}`}';`]);
  }
});
