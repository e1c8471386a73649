import { onUpdateDatasourceOption, type SelectableValue } from '@grafana/data';
import { Field, FieldSet, Input, RadioButtonGroup } from '@grafana/ui';
import React from 'react';

import { type SslMode } from '../../types';

import { PemField, SecretField, TextField, WIDTH } from './fields';
import { DEFAULT_SSL_MODE, type EditorProps, withJsonData } from './settings';

const SSL_MODES: Array<SelectableValue<SslMode>> = [
  { value: 'disable', label: 'disable', description: 'No TLS' },
  { value: 'require', label: 'require', description: 'TLS, without checking who answers' },
  { value: 'verify-ca', label: 'verify-ca', description: 'TLS, with a certificate of a trusted authority' },
  { value: 'verify-full', label: 'verify-full', description: 'As verify-ca, and the certificate names the host' },
];

export function ConnectionSettings(props: EditorProps) {
  const { options } = props;
  return (
    <>
      <FieldSet label="Connection">
        <Field label="Host URL" description="Host and port of Postgres. The port is 5432 unless given." required>
          <Input
            id="footfall-url"
            width={WIDTH}
            placeholder="localhost:5432"
            value={options.url ?? ''}
            onChange={onUpdateDatasourceOption(props, 'url')}
          />
        </Field>
        <TextField
          {...props}
          name="database"
          label="Database"
          description={'The database that holds the schema "footfall".'}
          placeholder="footfall"
        />
      </FieldSet>
      <FieldSet label="Authentication">
        <Field
          label="User"
          description="A role that may read the schema is enough; the worker needs the schema's owner."
          required
        >
          <Input
            id="footfall-user"
            width={WIDTH}
            placeholder="footfall_reader"
            autoComplete="off"
            value={options.user ?? ''}
            onChange={onUpdateDatasourceOption(props, 'user')}
          />
        </Field>
        <SecretField {...props} name="password" label="Password" description="Stored encrypted by Grafana." />
      </FieldSet>
      <TlsSettings {...props} />
    </>
  );
}

function TlsSettings(props: EditorProps) {
  const { options, onOptionsChange } = props;
  const mode = options.jsonData.sslmode ?? DEFAULT_SSL_MODE;
  const verifies = mode === 'verify-ca' || mode === 'verify-full';
  return (
    <FieldSet label="TLS">
      <Field label="TLS/SSL mode" description="How the connection is encrypted, and whom it trusts.">
        <RadioButtonGroup
          options={SSL_MODES}
          value={mode}
          onChange={(sslmode) => onOptionsChange(withJsonData(options, { sslmode }))}
        />
      </Field>
      {verifies && (
        <PemField
          {...props}
          name="tlsCACert"
          label="TLS/SSL root certificate"
          description="Of the authority that signed the server's certificate. Empty: those the system trusts."
          placeholder="-----BEGIN CERTIFICATE-----"
        />
      )}
      {mode === 'verify-full' && (
        <TextField
          {...props}
          name="tlsServerName"
          label="Server name"
          description="The name the server's certificate must hold, where it is not the host above."
        />
      )}
      {mode !== 'disable' && (
        <>
          <PemField
            {...props}
            name="tlsClientCert"
            label="TLS/SSL client certificate"
            description="Only if Postgres asks for one."
            placeholder="-----BEGIN CERTIFICATE-----"
          />
          <PemField
            {...props}
            name="tlsClientKey"
            label="TLS/SSL client key"
            description="The private key of the client certificate."
            placeholder="-----BEGIN PRIVATE KEY-----"
          />
        </>
      )}
    </FieldSet>
  );
}
