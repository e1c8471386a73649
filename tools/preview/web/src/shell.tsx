/** The bar on top, the nav at the left, and the page that the address names, which stays mounted within an app. */
import { css } from '@emotion/css';
import { type GrafanaTheme2, PluginContextProvider } from '@grafana/data';
import { config, getDataSourceSrv, locationSearchToObject, locationService } from '@grafana/runtime';
import { Alert, Button, ErrorBoundaryAlert, RadioButtonGroup, Select, TextLink, useStyles2 } from '@grafana/ui';
import { type ReactNode } from 'react';
import { useLocation } from 'react-router-dom';

import { choose, preview, role } from './boot';
import { DashboardPage } from './dashboard';
import { ExplorePage } from './explore';
import { importApp } from './loader';
import { appPage, Loaded } from './page';
import { DatasourcesPage, SettingsPage } from './settings';

export function Shell() {
  const styles = useStyles2(getStyles);
  const location = useLocation();
  return (
    <div className={styles.shell}>
      <Bar />
      <nav className={styles.nav} aria-label="Pages">
        {links().map(({ text, url }) => (
          <TextLink key={url} href={url} inline={false} color="primary">
            {text}
          </TextLink>
        ))}
      </nav>
      <main className={`${styles.page} main-view`}>
        <ErrorBoundaryAlert key={location.pathname.split('/', 3).join('/')}>{pageOf(location)}</ErrorBoundaryAlert>
      </main>
    </div>
  );
}

function Bar() {
  const styles = useStyles2(getStyles);
  const datasources = getDataSourceSrv().getList();
  const chosen = config.datasources[config.defaultDatasource];
  return (
    <div className={styles.bar} role="banner">
      <strong>Footfall preview</strong>
      <span className={styles.claim}>
        This is not Grafana: the plugin’s own pages and backend, around Grafana’s published components.
      </span>
      {datasources.length > 1 && (
        <Select
          aria-label="Previewed data source"
          width={24}
          value={chosen?.uid}
          options={datasources.map(({ uid, name }) => ({ value: uid, label: name }))}
          onChange={({ value = '' }) => choose(preview.datasourceCookie, value)}
        />
      )}
      <RadioButtonGroup
        {...{ 'aria-label': 'Role', size: 'sm', value: role() }}
        options={preview.roles.map((value) => ({ value, label: value }))}
        onChange={(value) => choose(preview.roleCookie, value)}
      />
      <Button
        {...{ variant: 'secondary', size: 'sm', icon: 'adjust-circle' }}
        onClick={() => choose(preview.themeCookie, config.theme2.isDark ? 'light' : 'dark')}
      >
        {config.theme2.isDark ? 'Light theme' : 'Dark theme'}
      </Button>
    </div>
  );
}

/** What the app's manifest puts into the nav, and the host's own pages. */
function links() {
  const { includes = [], id } = preview.app;
  const own = includes
    .filter(
      ({ addToNav, role: needed }) =>
        addToNav && (!needed || preview.roles.indexOf(role()) <= preview.roles.indexOf(needed))
    )
    .map(({ type, name, path = '', uid }: any) => ({
      text: name,
      url: type === 'dashboard' ? `/d/${uid}` : path.replace('%PLUGIN_ID%', id),
    }));
  const host = [{ text: 'Explore', url: '/explore' }];
  return [...own, ...host, ...(role() === 'Admin' ? [{ text: 'Data sources', url: '/connections/datasources' }] : [])];
}

function pageOf({ pathname, search }: { pathname: string; search: string }): ReactNode {
  const [, section, ...rest] = pathname.split('/');
  const last = decodeURIComponent(rest.at(-1) ?? '');
  switch (section) {
    case 'a':
      return <AppPage path={pathname} search={search} />;
    case 'd': {
      const only = new URLSearchParams(search).get('viewPanel') ?? undefined;
      return <DashboardPage key={`${rest[0]} ${only}`} uid={decodeURIComponent(rest[0])} only={only} />;
    }
    case 'explore':
      return <ExplorePage search={search} />;
    case 'connections':
      return rest[1] === 'edit' ? <SettingsPage key={last} uid={last} /> : <DatasourcesPage />;
    default:
      return <Alert severity="info" title={`Footfall preview has no page ${pathname}`} />;
  }
}

/** What frames the app's own pages. */
export const pluginPage = appPage(
  () => links().find(({ url }) => url === locationService.getLocation().pathname)?.text ?? preview.app.name
);

function AppPage({ path, search }: { path: string; search: string }) {
  const { app } = preview;
  const props = {
    meta: app,
    basename: `/a/${app.id}`,
    path,
    query: locationSearchToObject(search),
    onNavChanged: () => {},
  };
  return (
    <PluginContextProvider meta={app}>
      <Loaded load={() => importApp(app)}>{({ root: Root }) => Root && <Root {...props} />}</Loaded>
    </PluginContextProvider>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  shell: css({
    ...{ display: 'grid', minHeight: '100%', gridTemplate: 'auto 1fr / 176px minmax(0, 1fr)' },
    background: theme.colors.background.canvas,
    [theme.breakpoints.down('md')]: { gridTemplate: 'auto auto 1fr / minmax(0, 1fr)' },
  }),
  bar: css({
    ...{ gridColumn: '1 / -1', display: 'flex', flexWrap: 'wrap', alignItems: 'center', gap: theme.spacing(1) },
    ...{ padding: theme.spacing(0.5, 2), borderBottom: `1px solid ${theme.colors.warning.border}` },
    background: theme.colors.background.primary,
  }),
  claim: css({ ...theme.typography.bodySmall, color: theme.colors.text.secondary, flexGrow: 1 }),
  nav: css({
    ...{ display: 'flex', flexDirection: 'column', gap: theme.spacing(1.5), padding: theme.spacing(2) },
    ...{ borderRight: `1px solid ${theme.colors.border.weak}`, background: theme.colors.background.primary },
    [theme.breakpoints.down('md')]: {
      flexDirection: 'row',
      flexWrap: 'wrap',
      borderRight: 'none',
      padding: theme.spacing(1, 2),
    },
  }),
  page: css({ padding: theme.spacing(2, 3), position: 'relative' }),
});
