import { config } from '@grafana/runtime';
import { FieldSet, SecureSocksProxySettings } from '@grafana/ui';
import React from 'react';

import { NumberField, SwitchField } from './fields';
import { type EditorProps } from './settings';

export function PoolSettings(props: EditorProps) {
  return (
    <>
      <FieldSet label="Connection limits">
        <NumberField
          {...props}
          name="maxOpenConns"
          label="Max open"
          description="Connections to Postgres at most. 0 stands for the default."
        />
        <NumberField {...props} name="minIdleConns" label="Min idle" description="Connections kept ready." />
        <NumberField
          {...props}
          name="connMaxLifetime"
          label="Max lifetime"
          description="A connection is replaced after this time."
          suffix="s"
        />
        <NumberField
          {...props}
          name="connMaxIdleTime"
          label="Max idle time"
          description="A connection nobody uses is closed after this time."
          suffix="s"
        />
        <NumberField
          {...props}
          name="connectTimeout"
          label="Connect time-out"
          description="How long to wait for Postgres to answer."
          suffix="s"
        />
        <NumberField
          {...props}
          name="statementTimeout"
          label="Statement time-out"
          description="A query that takes longer is cancelled, in Postgres too."
          suffix="s"
        />
        <SwitchField
          {...props}
          name="pgBouncer"
          label="PgBouncer"
          description="Switch on behind a pooler that refuses connections with an application_name. PgBouncer takes it."
        />
      </FieldSet>
      {config.secureSocksDSProxyEnabled && <SecureSocksProxySettings {...props} />}
    </>
  );
}
