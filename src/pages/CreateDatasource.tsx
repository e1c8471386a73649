import { Alert, Button } from '@grafana/ui';
import React, { useState } from 'react';

import { createDatasource } from './datasources';
import { datasourceSettings, goTo } from '../address';
import { messageOf } from '../api/errors';
import { mayAdminister } from '../api/roles';

/** Shown while there is no datasource: one click makes it and leads to its settings. */
export function CreateDatasource() {
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<string>();

  const create = async () => {
    setBusy(true);
    setRefusal(undefined);
    try {
      const uid = await createDatasource();
      goTo(datasourceSettings(uid));
    } catch (error) {
      setRefusal(messageOf(error));
      setBusy(false);
    }
  };

  if (!mayAdminister()) {
    return (
      <Alert severity="info" title="There is no Footfall datasource yet">
        Ask an administrator of this Grafana to open this page and create one.
      </Alert>
    );
  }
  return (
    <>
      <Alert severity="info" title="There is no Footfall datasource yet">
        <p>It tells Grafana where your events are: a Postgres database with the Footfall schema.</p>
        <Button icon="plus" disabled={busy} onClick={create}>
          Create the datasource
        </Button>
      </Alert>
      {refusal && (
        <Alert severity="error" title="The datasource was not created">
          {refusal}
        </Alert>
      )}
    </>
  );
}
