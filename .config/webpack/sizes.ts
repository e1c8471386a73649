/** Fails a build for production whose files have grown too large for a page that opens at once, and prints their sizes. */
import { type Compiler } from 'webpack';
import { gzipSync } from 'zlib';

const KB = 1000;
const ROOT = 30 * KB;
const PART = 80 * KB;
const ALL = 300 * KB;

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
          const whole = { name: 'all of them', size: sizes.reduce((sum, { size }) => sum + size, 0) };
          for (const { name, size } of [...sizes, whole]) {
            const limit = name === 'module.js' ? ROOT : name === whole.name ? ALL : PART;
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
