import { InternalTimeZones } from '@grafana/data';
import { Field, FieldSet, TimeZonePicker } from '@grafana/ui';
import React from 'react';

import { ianaTimeZone, pickerZone } from '../../../query/timeZone';

import { SwitchField, WIDTH } from './fields';
import { type EditorProps, withJsonData } from './settings';

export function StoreSettings(props: EditorProps) {
  const { options, onOptionsChange } = props;
  return (
    <FieldSet label="Footfall">
      <Field
        label="Time zone"
        description="For queries that bring none, such as alert rules. Dashboards bring their own, and so do the dates of a segment's definition. UTC unless chosen."
        htmlFor="footfall-timeZone"
      >
        <TimeZonePicker
          inputId="footfall-timeZone"
          includeInternal={[InternalTimeZones.utc]}
          width={WIDTH}
          value={pickerZone(options.jsonData.timeZone)}
          onChange={(zone) => onOptionsChange(withJsonData(options, { timeZone: zone && ianaTimeZone(zone) }))}
        />
      </Field>
      <SwitchField
        {...props}
        name="runWorker"
        label="Run the worker"
        description='Roll up waiting events and compute segments from within Grafana. It runs only once somebody has used this datasource, so prefer the command "footfall work". The user above must own the schema.'
      />
      <SwitchField
        {...props}
        name="restrictExport"
        label="Only editors see e-mails and export lists"
        description="Viewers then see no e-mail in tables, groups or suggestions, and download no list of users. Names, ids and usr. attributes stay visible, and filters on e-mails still work."
      />
    </FieldSet>
  );
}
