import { DataSourcePicker } from '@grafana/runtime';
import { Field, FieldSet } from '@grafana/ui';
import React from 'react';

import { TextField, WIDTH } from './fields';
import { DEFAULT_TRACE_ID, type EditorProps, withJsonData } from './settings';

export function TraceSettings(props: EditorProps) {
  const { options, onOptionsChange } = props;
  const choose = (tracingDatasourceUid?: string) => onOptionsChange(withJsonData(options, { tracingDatasourceUid }));
  return (
    <FieldSet label="Traces">
      <Field
        label="Data source of traces"
        description="An event with a trace id then leads to its trace, in Explore. Tempo, Jaeger, Zipkin or another for traces."
        htmlFor="footfall-tracingDatasourceUid"
      >
        <DataSourcePicker
          {...{ tracing: true, noDefault: true, inputId: 'footfall-tracingDatasourceUid', width: WIDTH }}
          placeholder="None"
          current={options.jsonData.tracingDatasourceUid}
          onChange={({ uid }) => choose(uid)}
          onClear={() => choose()}
        />
      </Field>
      <TextField
        {...props}
        name="traceIdAttribute"
        label="Trace id"
        description="The attribute of events that holds it. In objects its path: trace.id."
        placeholder={DEFAULT_TRACE_ID}
      />
    </FieldSet>
  );
}
