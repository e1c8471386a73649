import { Alert, Button, ErrorBoundary } from '@grafana/ui';
import React, { type ComponentType, lazy, Suspense } from 'react';

import { t } from '../text';

import { LoadingLine } from './LoadingLine';

/**
 * A component whose program is fetched when it is first shown. Each module has its own copies of what it fetches: what a
 * file keeps outside of components is shared within a module only.
 */
export function fetched<P extends object>(load: () => Promise<{ default: ComponentType<P> }>): ComponentType<P> {
  const Part = lazy(load) as unknown as ComponentType<P>;
  return function Fetched(props: P) {
    return (
      <ErrorBoundary>
        {({ error }) => {
          if (!error) {
            return (
              <Suspense fallback={<LoadingLine loading />}>
                <Part {...props} />
              </Suspense>
            );
          }
          if (error.name !== 'ChunkLoadError') {
            throw error;
          }
          return <Unfetched />;
        }}
      </ErrorBoundary>
    );
  };
}

/** A new version of the plugin has other files than the one whose page is still open, so another try would fail as well. */
function Unfetched() {
  return (
    <Alert severity="warning" title={t('common.outdated')}>
      <p>{t('common.outdatedHelp')}</p>
      <Button variant="secondary" size="sm" icon="sync" onClick={() => window.location.reload()}>
        {t('common.reload')}
      </Button>
    </Alert>
  );
}
