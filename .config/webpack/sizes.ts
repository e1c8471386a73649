/** Fails a build for production whose files have grown too large for a page that opens at once, and prints their sizes. */
import { type Compiler } from 'webpack';
import { gzipSync } from 'zlib';

const KB = 1000;
const ROOT = 30 * KB;
/** What panels show is fetched from the app's folder, where pages have the same. */
const PANEL = 10 * KB;
const PART = 80 * KB;
const ALL = 300 * KB;

const WHOLE = 'all of them';

function limitOf(name: string): number {
  switch (true) {
    case name === WHOLE:
      return ALL;
    case name === 'module.js':
      return ROOT;
    case /^panels\/.*module\.js$/.test(name):
      return PANEL;
    default:
      return PART;
  }
}

export class Sizes {
  apply(compiler: Compiler) {
    const { Compilation, WebpackError } = compiler.webpack;
    compiler.hooks.compilation.tap('Sizes', (compilation) => {
      compilation.hooks.processAssets.tap(
        { name: 'Sizes', stage: Compilation.PROCESS_ASSETS_STAGE_REPORT },
        (assets) => {
          const sizes = Object.entries(assets)
            .filter(([name]) => name.endsWith('.js'))
            .map(([name, asset]) => ({ name, size: gzipSync(asset.buffer()).length }));
          const whole = { name: WHOLE, size: sizes.reduce((sum, { size }) => sum + size, 0) };
          for (const { name, size } of [...sizes, whole]) {
            const limit = limitOf(name);
            console.log(`${(size / KB).toFixed(1).padStart(7)} kB gzipped of ${limit / KB}: ${name}`);
            if (size > limit) {
              compilation.errors.push(new WebpackError(`${name} has ${size} bytes gzipped, more than ${limit}`));
            }
          }
        }
      );
    });
  }
}
