/*
 * Bundles the preview's page into dist/, with the icons and fonts that Grafana's components fetch. `node build.mjs --watch` goes on
 * with every change of src/.
 */
import * as esbuild from 'esbuild';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

const here = import.meta.dirname;
const dist = path.join(here, 'dist');
const resolve = createRequire(import.meta.url).resolve;

const icons = path.join(path.dirname(resolve('@grafana/ui/package.json')), 'dist/public/img/icons');
const font = (style) => resolve(`@fontsource/inter/files/inter-latin-${style}.woff2`);
const fonts = { Regular: font('400-normal'), Italic: font('400-italic'), Medium: font('500-normal') };
// These two of Grafana's are in no package.
const drawn = {
  spinner: 'M12 3a9 9 0 1 0 9 9h-2a7 7 0 1 1-7-7z',
  'angle-double-left': 'm18.4 8.4-3.6 3.6 3.6 3.6L17 17l-5-5 5-5zM12 8.4 8.4 12l3.6 3.6-1.4 1.4-5-5 5-5z',
};

const watch = process.argv.includes('--watch');
const options = {
  absWorkingDir: here, // where the packages of aliases are looked for
  entryPoints: [path.join(here, 'src/main.tsx')],
  outdir: dist,
  bundle: true,
  // What Grafana's components load when they need it stays a file of its own, above all the code editor.
  format: 'esm',
  splitting: true,
  minify: true,
  logLevel: 'warning',
  logOverride: { 'package.json': 'silent' },
  target: 'es2022',
  jsx: 'automatic',
  define: { 'process.env.NODE_ENV': '"production"', global: 'window' },
  loader: { '.ttf': 'empty' }, // of the code editor, which nothing here uses
  alias: {
    // One router for Grafana's links and for scenes, which ask for two packages with the same hooks.
    'react-router-dom-v5-compat': 'react-router-dom',
  },
};

fs.rmSync(dist, { recursive: true, force: true });
fs.cpSync(icons, path.join(dist, 'icons'), { recursive: true });
for (const [name, line] of Object.entries(drawn)) {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><path d="${line}"/></svg>`;
  fs.writeFileSync(path.join(dist, `icons/unicons/${name}.svg`), svg);
}
fs.mkdirSync(path.join(dist, 'fonts/inter'), { recursive: true });
for (const [name, file] of Object.entries(fonts)) {
  fs.copyFileSync(file, path.join(dist, `fonts/inter/Inter-${name}.woff2`));
}
if (watch) {
  const context = await esbuild.context(options);
  await context.watch();
} else {
  await esbuild.build(options);
}
