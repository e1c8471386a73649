/** Ids that other parts of Grafana know us by. They must match the plugin.json files. */
export const APP_ID = 'footfall-analytics-app';
export const DATASOURCE_TYPE = 'footfall-analytics-datasource';
export const USERS_PANEL_ID = 'footfall-profiles-panel';
export const SEGMENTS_PANEL_ID = 'footfall-segments-panel';
export const PATHWAYS_PANEL_ID = 'footfall-pathways-panel';
export const USER_PANEL_ID = 'footfall-user-panel';
export const SESSIONS_PANEL_ID = 'footfall-sessions-panel';

/** What the datasource is called when the app creates it; provisioning uses the same. */
export const DATASOURCE_NAME = 'Footfall';
export const DATASOURCE_UID = 'footfall';

/** The dashboard of which a panel lists the events behind a number. */
export const EXPLORER_DASHBOARD = { path: '/d/footfall-explorer', events: 22 };
