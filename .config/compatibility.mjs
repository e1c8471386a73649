/*
 * Fails where a module of src/ uses what the oldest supported Grafana lacks, or has with other types. Modules are found
 * as the build finds them, and with each all that it imports, also by import().
 *
 * The declarations of both versions come from npm's registry. levitate's own command takes a package that it could not
 * read for a compatible one, and would read all of them once for each module.
 */
import {
  createTsProgram,
  getIncompatibilitiesBetweenPackages,
  getNpmPackageVersionFromProjectPath,
  printIncompatibilities,
} from '@grafana/levitate';
import fs from 'fs';
import os from 'os';
import path from 'path';

/*
 * What levitate takes for a change, and is none: it does not follow a type that a declaration has from another file by
 * `import { type ... }`, as these parameters' are today. All that we give them is in both versions: the fields of ScaleProps
 * and SeriesProps of 10.1 are in 13.2, which has further optional ones. One that is not found any more has to go from here.
 */
const LOOKED_AT = ['UPlotConfigBuilder.addScale', 'UPlotConfigBuilder.addSeries'];

const PACKAGES = ['@grafana/data', '@grafana/runtime', '@grafana/ui'];

const source = path.resolve('src');
const { dependencies } = JSON.parse(fs.readFileSync(path.join(source, 'plugin.json'), 'utf8'));
const oldest = dependencies.grafanaDependency.replace('>=', '');
const modules = fs
  .readdirSync(source, { recursive: true, encoding: 'utf8' })
  .filter((file) => /^module\.tsx?$/.test(path.basename(file)))
  .map((file) => path.join(source, file));

/** One program of all modules, by way of a file that imports them. */
function program(folder) {
  const entry = path.join(folder, 'modules.ts');
  fs.writeFileSync(entry, modules.map((file) => `import ${JSON.stringify(file.replace(/\.tsx?$/, ''))};\n`).join(''));
  const made = createTsProgram(entry);
  const missing = modules.filter((file) => !made.getSourceFile(file));
  if (missing.length > 0) {
    throw new Error(`not read: ${missing.join(', ')}`);
  }
  return made;
}

async function check(folder) {
  const ours = program(folder);
  const found = [];
  for (const name of PACKAGES) {
    const newest = await getNpmPackageVersionFromProjectPath(path.resolve('package.json'), name);
    const versions = [newest, oldest].map((version) => `${name}@${version}`);
    const differences = await getIncompatibilitiesBetweenPackages(ours, ...versions, {});
    if (differences.length > 0) {
      printIncompatibilities(differences);
    }
    found.push(...differences.map((difference) => difference.name));
  }
  const missed = LOOKED_AT.filter((name) => !found.includes(name)).map((name) => `${name}, which is not found any more`);
  return [...found.filter((name) => !LOOKED_AT.includes(name)), ...missed];
}

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'footfall-compatibility-'));
process.env.TMPDIR = folder; // where levitate puts what it downloads
try {
  const found = await check(folder);
  const among = `beside ${LOOKED_AT.length} that were looked at`;
  console.log(`${modules.length} modules, Grafana ${oldest}: ${found.length} incompatibilities ${among}`, ...found);
  process.exitCode = found.length > 0 ? 1 : 0;
} finally {
  fs.rmSync(folder, { recursive: true, force: true });
}
