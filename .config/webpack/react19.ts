/** Fails a build whose files, libraries included, use what React 19 removed: nothing else tells before a page breaks. */
import { type Compiler } from 'webpack';

const ALWAYS = [
  'findDOMNode',
  'unmountComponentAtNode',
  'unstable_renderSubtreeIntoContainer',
  'createFactory',
  'propTypes',
  'contextTypes',
  'childContextTypes',
  'getChildContext',
  'react-dom/test-utils',
  'react-test-renderer/shallow',
  '__SECRET_INTERNALS_DO_NOT_USE_OR_YOU_WILL_BE_FIRED',
];

/** What of it a built file uses, by the names that a minifier leaves. */
export function removedByReact19(code: string): string[] {
  const found = ALWAYS.filter((name) => new RegExp(`(?<![\\w$])${name}(?![\\w$])`).test(code));
  if (/[{,]\s*ref:\s*["'`]/.test(code)) {
    found.push('refs that are strings');
  }
  if (/["']react-dom["']/.test(code) && /\.(render|hydrate)\(/.test(code)) {
    found.push('ReactDOM.render or hydrate');
  }
  const withDefaults = [...code.matchAll(/([\w$]+)\.defaultProps\s*=/g)].map(([, name]) => name);
  if (withDefaults.some((name) => !isClass(code, name))) {
    found.push('defaultProps of a function');
  }
  return found;
}

function isClass(code: string, name: string): boolean {
  const escaped = name.replaceAll('$', '\\$');
  return new RegExp(`class ${escaped}(?![\\w$])|(?<![\\w$])${escaped}\\s*=\\s*class(?![\\w$])`).test(code);
}

export class React19 {
  apply(compiler: Compiler) {
    const { Compilation, WebpackError } = compiler.webpack;
    compiler.hooks.compilation.tap('React19', (compilation) => {
      compilation.hooks.processAssets.tap(
        { name: 'React19', stage: Compilation.PROCESS_ASSETS_STAGE_REPORT },
        (assets) => {
          for (const [file, asset] of Object.entries(assets).filter(([name]) => name.endsWith('.js'))) {
            for (const name of removedByReact19(asset.source().toString())) {
              compilation.errors.push(new WebpackError(`${file} uses ${name}, which React 19 removed`));
            }
          }
        }
      );
    });
  }
}
