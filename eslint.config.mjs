import grafanaConfig from '@grafana/eslint-config';
import { defineConfig, globalIgnores } from 'eslint/config';

export default defineConfig([
  globalIgnores(['dist', 'coverage', 'test-results', 'playwright-report', 'bench', 'docs', 'pkg', 'provisioning']),
  ...grafanaConfig,
  {
    rules: {
      'react/prop-types': 'off',
    },
  },
  {
    files: ['tests/**'],
    rules: {
      // Playwright's fixtures are called `use`, which is no hook here.
      'react-hooks/rules-of-hooks': 'off',
    },
  },
]);
