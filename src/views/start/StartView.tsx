import { css } from '@emotion/css';
import { type GrafanaTheme2 } from '@grafana/data';
import { LoadingPlaceholder, useStyles2 } from '@grafana/ui';
import React, { useCallback, useMemo } from 'react';

import { callGrafana } from '../../api/call';
import { testDatasource } from '../../api/health';
import { mayAdminister } from '../../api/roles';
import { useLoaded } from '../../api/useLoaded';
import { t } from '../../text';

import { Arrivals, isAllTaken } from './Arrivals';
import { type SettingsOfApi, type Store, storeOf, UNKNOWN } from './commands';
import { DASHBOARDS, Places } from './Places';
import { SendEvents } from './SendEvents';
import { Steps } from './Steps';
import { isSetUp, stepsOf } from './steps';

interface Props {
  datasource: string;
  name: string;
}

/** The first page of a store: what there is to see, or what is still to be set up; how events come in, and what became of them. */
export function StartView({ datasource, name }: Props) {
  const styles = useStyles2(getStyles);
  const test = useCallback(async () => ({ health: await testDatasource(datasource), at: Date.now() }), [datasource]);
  const { value: tested, again } = useLoaded(test);
  const store = useStore(datasource);
  const hasDashboards = useLoaded(findDashboards).value ?? false;
  if (!tested) {
    return <LoadingPlaceholder text={t('start.testing', { name })} />;
  }
  const { health, at } = tested;
  const { status } = health.details;
  const steps = stepsOf(health, at, hasDashboards);
  const isDone = isSetUp(steps);
  const setUp = (
    <Steps {...{ datasource, name, steps, store, onTest: again }} allTaken={Boolean(status && isAllTaken(status))} />
  );
  return (
    <div className={styles.view} data-testid="start view">
      {!isDone && setUp}
      {status && status.events > 0 && <Places {...{ datasource, status, hasDashboards }} />}
      {isDone && setUp}
      {status && !isAllTaken(status) && <Arrivals status={status} />}
      {status && <SendEvents store={store} />}
    </div>
  );
}

/** Grafana makes the app's dashboards of its files, all or none, unless somebody deletes them. */
async function findDashboards(): Promise<boolean> {
  try {
    await callGrafana(`/api/dashboards/uid/${DASHBOARDS[0]}`);
    return true;
  } catch {
    return false;
  }
}

/** Where a store is: administrators alone may know. */
function useStore(datasource: string): Store {
  const load = useMemo(
    () =>
      mayAdminister()
        ? () => callGrafana<SettingsOfApi>(`/api/datasources/uid/${encodeURIComponent(datasource)}`)
        : undefined,
    [datasource]
  );
  const { value } = useLoaded(load);
  return value ? storeOf(value) : UNKNOWN;
}

const getStyles = (theme: GrafanaTheme2) => ({
  view: css({ display: 'flex', flexDirection: 'column', gap: theme.spacing(2), containerType: 'inline-size' }),
});
