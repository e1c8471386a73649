import { type DataSourceInstanceSettings } from '@grafana/data';
import { Alert, Button, Card, Icon, type IconName, LoadingPlaceholder, useTheme2 } from '@grafana/ui';
import React, { useCallback, useEffect, useState } from 'react';

import { type Health, testDatasource } from './datasources';
import { datasourceSettings, pageAddress, usersPage } from '../address';

interface Props {
  datasource: DataSourceInstanceSettings;
}

/** One datasource: whether it works, and where to go from here. */
export function DatasourceStatus({ datasource: { uid, name } }: Props) {
  const { health, test } = useHealth(uid);
  const theme = useTheme2();
  const links = [
    <LinkCard
      key="users"
      href={usersPage(uid)}
      icon="users-alt"
      heading="Users"
      description="Everybody the events know: find, sort and compare them."
    />,
    <LinkCard
      key="segments"
      href={pageAddress(['segments'], [['ds', uid]])}
      icon="filter"
      heading="Segments"
      description="Groups of users by what they have and did: build them, see their size, use them everywhere."
    />,
    <LinkCard
      key="tables"
      href={pageAddress(['tables'], [['ds', uid]])}
      icon="table"
      heading="Tables"
      description="Files about your users, such as who is a premium customer, as attributes to filter by."
    />,
  ];
  const settings = (
    <LinkCard
      href={datasourceSettings(uid)}
      icon="cog"
      heading="Datasource settings"
      description="Where Postgres is, who asks, and how connections are kept."
    />
  );
  return (
    <section aria-label={name} style={{ marginBottom: theme.spacing(4) }}>
      <HealthReport name={name} health={health} onTest={test} />
      {/* What helps most comes first. */}
      {health?.ok === false && settings}
      {links}
      {health?.ok !== false && settings}
    </section>
  );
}

/** The outcome of the last test, undefined while one runs; the first starts by itself. */
function useHealth(uid: string): { health?: Health; test: () => void } {
  const [health, setHealth] = useState<Health>();
  const ask = useCallback(() => testDatasource(uid).then(setHealth), [uid]);
  useEffect(() => void ask(), [ask]);
  const test = () => {
    setHealth(undefined);
    void ask();
  };
  return { health, test };
}

function HealthReport({ name, health, onTest }: { name: string; health?: Health; onTest: () => void }) {
  if (!health) {
    return <LoadingPlaceholder text={`Testing ${name} ...`} />;
  }
  return (
    <Alert
      severity={health.ok ? 'success' : 'error'}
      title={health.ok ? `${name} is connected` : `${name} cannot be used yet`}
    >
      <p>{health.message}</p>
      <Button variant="secondary" size="sm" icon="sync" onClick={onTest}>
        Test again
      </Button>
    </Alert>
  );
}

interface LinkCardProps {
  href: string;
  icon: IconName;
  heading: string;
  description: string;
}

function LinkCard({ href, icon, heading, description }: LinkCardProps) {
  return (
    <Card href={href}>
      <Card.Heading>{heading}</Card.Heading>
      <Card.Figure>
        <Icon name={icon} size="xl" />
      </Card.Figure>
      <Card.Description>{description}</Card.Description>
    </Card>
  );
}
