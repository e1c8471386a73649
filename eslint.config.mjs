import grafanaConfig from '@grafana/eslint-config';
import { defineConfig, globalIgnores } from 'eslint/config';

export default defineConfig([
  globalIgnores(['**/dist', 'coverage', 'test-results', 'playwright-report', 'bench', 'docs', 'pkg', 'provisioning']),
  {
    // Without a pattern ESLint reads JavaScript alone.
    files: ['**/*.{ts,tsx,js,mjs}'],
    extends: [grafanaConfig],
    rules: {
      'react/prop-types': 'off',
      'no-restricted-syntax': [
        'error',
        {
          selector: 'CallExpression[callee.name="useStyles2"][arguments.length>1]',
          message: 'Grafana 10 leaves out further arguments of styles: make a function of the theme for each.',
        },
      ],
    },
  },
  {
    files: ['src/query/**'],
    // It is the model of queries: what draws it uses it, never the other way round.
    rules: { 'no-restricted-imports': ['error', { paths: ['react', '@grafana/ui', '@grafana/runtime'] }] },
  },
  {
    files: ['tools/preview/web/**'],
    // It is no plugin: its JSX may use the transform that older Grafanas lack.
    rules: { 'react/react-in-jsx-scope': 'off' },
  },
  {
    files: ['tests/**'],
    rules: {
      // Playwright's fixtures are called `use`, which is no hook here.
      'react-hooks/rules-of-hooks': 'off',
    },
  },
]);
