import './styles.css';

import { createTheme, EventBusSrv, locationUtil, ThemeContext } from '@grafana/data';
import { initPluginTranslations } from '@grafana/i18n';
import {
  config,
  LocationServiceProvider,
  locationService,
  setAppEvents,
  setEchoSrv,
  setPluginLinksHook,
} from '@grafana/runtime';
import { initializeLoggersRegistry } from '@grafana/runtime/unstable';
import { GlobalStyles, ModalRoot, ModalsProvider, PortalContainer } from '@grafana/ui';
import { useEffect, useState } from 'react';
import { createRoot } from 'react-dom/client';
import { Router } from 'react-router-dom';

import { preview } from './boot';
import { shareModules } from './loader';
import { setPanels } from './panels';
import { fillRegistries } from './registries';
import { setServices } from './services';
import { pluginPage, Shell } from './shell';

/** Follows the one history that Grafana's packages change, so that address and page never part. */
function Addressed({ children }: React.PropsWithChildren) {
  const history = locationService.getHistory();
  const [location, setLocation] = useState(history.location);
  useEffect(() => history.listen(setLocation), [history]);
  return (
    <Router navigator={history} location={location}>
      {children}
    </Router>
  );
}

/** Plain links inside the host change the page without loading it again, as in Grafana. */
function followLinks(event: MouseEvent) {
  const link = (event.target as Element).closest?.('a[href]') as HTMLAnchorElement | null;
  const isPlain = event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey;
  if (
    link &&
    isPlain &&
    !event.defaultPrevented &&
    link.origin === window.location.origin &&
    (!link.target || link.target === '_self')
  ) {
    event.preventDefault();
    locationService.push(link.pathname + link.search + link.hash);
  }
}

async function reloadIfRebuilt() {
  const answer = await fetch('/api/preview/build').catch(() => undefined);
  if (answer?.ok && (await answer.json()) !== preview.build) {
    window.location.reload();
  }
}

async function start() {
  config.theme2 = createTheme({ colors: { mode: config.bootData.user.theme === 'light' ? 'light' : 'dark' } });
  config.featureToggles = {};
  locationUtil.initialize({
    config: config as never,
    getTimeRangeForUrl: (() => ({})) as never,
    getVariablesUrlParams: () => ({}),
  });
  initializeLoggersRegistry();
  await initPluginTranslations('footfall-preview');
  setAppEvents(new EventBusSrv());
  setEchoSrv({ addBackend: () => {}, addEvent: () => {}, flush: () => {} } as never);
  setPluginLinksHook(() => ({ links: [], isLoading: false }));
  setServices();
  fillRegistries();
  setPanels();
  shareModules(pluginPage);
  document.addEventListener('click', followLinks);
  if (preview.watch) {
    setInterval(reloadIfRebuilt, 800);
  }
  createRoot(document.getElementById('root')!).render(
    <ThemeContext.Provider value={config.theme2}>
      <GlobalStyles />
      <LocationServiceProvider service={locationService}>
        <Addressed>
          <ModalsProvider>
            <Shell />
            <ModalRoot />
          </ModalsProvider>
        </Addressed>
      </LocationServiceProvider>
      <PortalContainer />
    </ThemeContext.Provider>
  );
}

void start();
