/** Addresses of the app's pages and of others: which page is shown, and what it says. No router: Grafana's differ by version. */
import { locationUtil, type RawTimeRange } from '@grafana/data';
import { locationService } from '@grafana/runtime';
import { useEffect, useState } from 'react';

import { quotedText } from './audience/terms';
import { APP_ID, DATASOURCE_TYPE } from './constants';

export const APP_PATH = `/a/${APP_ID}`;

/** The parts of the path below the app's, decoded: /users/a%2Fb gives users, a/b. */
export function partsOf(pathname: string): string[] {
  const below = pathname.slice(pathname.indexOf(APP_PATH) + APP_PATH.length);
  return below.split('/').filter(Boolean).map(decodeURIComponent);
}

/** The address of a page of the app, below the path Grafana is served at. */
export function pageAddress(parts: string[], parameters: string[][] = []): string {
  const path = [APP_PATH, ...parts.map(encodeURIComponent)].join('/');
  const search = new URLSearchParams(parameters).toString();
  return locationUtil.assureBaseUrl(search ? `${path}?${search}` : path);
}

/** The address as it is now, also while somebody goes back and forth. */
export function useAddress(): { pathname: string; search: string } {
  const [location, setLocation] = useState(() => locationService.getLocation());
  useEffect(() => locationService.getHistory().listen(follow(setLocation)), []);
  return location;
}

/** History's listeners get the location, or an object with it in other versions. */
const follow = (set: (location: { pathname: string; search: string }) => void) => () =>
  set(locationService.getLocation() as { pathname: string; search: string });

/**
 * Puts other parameters behind the path: as a step to come back to, or in place of the last one. Does nothing where it was
 * meant for another page of the app: what one types counts a moment later, when one may have left.
 */
export function setParameters(parameters: string[][], replace: boolean, page?: string[]) {
  const { pathname } = locationService.getLocation();
  if (page && partsOf(pathname).join('/') !== page.join('/')) {
    return;
  }
  const search = new URLSearchParams(parameters).toString();
  const to = search ? `${pathname}?${search}` : pathname;
  if (replace) {
    locationService.replace(to);
  } else {
    locationService.push(to);
  }
}

/** The page with a datasource's users; more parameters say which. */
export const usersPage = (uid: string, parameters: string[][] = []) =>
  pageAddress(['users'], [['ds', uid], ...parameters]);

/** Where the users of an audience were last, in some time, and how they came there. */
export const leavingPage = (uid: string, audience: string[][], range?: RawTimeRange) =>
  pageAddress(
    ['pathways'],
    [
      ['ds', uid],
      ...audience,
      ...(range
        ? [
            ['from', String(range.from)],
            ['to', String(range.to)],
          ]
        : []),
      ['end', ''],
      ['unit', 'user'],
    ]
  );

/** The page of one user, of whom the path could not tell everything: Grafana and browsers change what is encoded in it. */
export const userPage = (uid: string, user: string, session?: number, anonymous?: boolean) =>
  pageAddress(
    ['users', 'profile'],
    [
      ['ds', uid],
      ['user', user],
      ...(anonymous ? [['anonymous', 'true']] : []),
      ...(session === undefined ? [] : [['session', String(session)]]),
    ]
  );

/** Leads to an address, below the path Grafana is served at. */
export const goTo = (address: string) => locationService.push(locationUtil.stripBaseFromUrl(address));

/** In the place of an id where a new segment is built, or a file becomes a table. No id or name begins with a hyphen. */
export const NEW = '-';

/** The page of one segment, or where a new one is built. */
export const segmentPage = (id = NEW, parameters: string[][] = []) => pageAddress(['segments', id], parameters);

/** A dashboard of the app, of a datasource's store; with more parameters, such as from, to and var-filter. */
export const dashboardPage = (dashboard: string, uid: string, parameters: Record<string, string> = {}) =>
  locationUtil.assureBaseUrl(`/d/${dashboard}?${new URLSearchParams({ 'var-datasource': uid, ...parameters })}`);

/** What frustrated a user within some time, in milliseconds, as a dashboard. */
export const frustrationsPage = (uid: string, user: string, from: number, to: number) =>
  dashboardPage('footfall-frustrations', uid, {
    ...{ from: String(from), to: String(to + 1) },
    'var-filter': `user_id:${quotedText(user)}`,
  });

/** The settings of a datasource. */
export const datasourceSettings = (uid: string) =>
  locationUtil.assureBaseUrl(`/connections/datasources/edit/${encodeURIComponent(uid)}`);

/** Explore with a query of a datasource of ours. */
export const explorePage = (uid: string, query: object, range: RawTimeRange = { from: 'now-30d', to: 'now' }) =>
  explorePageOf({ type: DATASOURCE_TYPE, uid }, query, range);

/** Explore with a query of any datasource. */
export function explorePageOf(datasource: { type: string; uid: string }, query: object, range: RawTimeRange): string {
  const panes = JSON.stringify({
    footfall: { datasource: datasource.uid, queries: [{ refId: 'A', datasource, ...query }], range },
  });
  return locationUtil.assureBaseUrl(`/explore?${new URLSearchParams({ schemaVersion: '1', panes, orgId: '1' })}`);
}
