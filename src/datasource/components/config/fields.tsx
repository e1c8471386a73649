import { Field, Input, SecretInput, SecretTextArea, Switch } from '@grafana/ui';
import React from 'react';

import { parseNumber } from '../../../components/numbers';
import { type FootfallSecrets, type FootfallSettings } from '../../types';

import {
  DEFAULT_NUMBERS,
  type EditorProps,
  type NumberSetting,
  withJsonData,
  withoutSecret,
  withSecret,
} from './settings';

/** Width of every input of the form, in units of 8 px. */
export const WIDTH = 40;

interface FieldProps extends EditorProps {
  label: string;
  description: React.ReactNode;
}

type KeysOfType<T, V> = { [K in keyof T]-?: NonNullable<T[K]> extends V ? K : never }[keyof T];

export function TextField({
  name,
  label,
  description,
  placeholder,
  options,
  onOptionsChange,
}: FieldProps & { name: 'database' | 'tlsServerName' | 'traceIdAttribute'; placeholder?: string }) {
  return (
    <Field label={label} description={description}>
      <Input
        id={`footfall-${name}`}
        width={WIDTH}
        placeholder={placeholder}
        value={options.jsonData[name] ?? ''}
        onChange={(event) => onOptionsChange(withJsonData(options, { [name]: event.currentTarget.value }))}
      />
    </Field>
  );
}

export function NumberField({
  name,
  label,
  description,
  suffix,
  options,
  onOptionsChange,
}: FieldProps & { name: NumberSetting; suffix?: string }) {
  return (
    <Field label={label} description={description}>
      <Input
        id={`footfall-${name}`}
        type="number"
        min={0}
        width={WIDTH / 2}
        suffix={suffix}
        placeholder={String(DEFAULT_NUMBERS[name])}
        value={options.jsonData[name] ?? ''}
        onChange={(event) => onOptionsChange(withJsonData(options, { [name]: parseNumber(event.currentTarget.value) }))}
      />
    </Field>
  );
}

export function SwitchField({
  name,
  label,
  description,
  options,
  onOptionsChange,
}: FieldProps & { name: KeysOfType<Omit<FootfallSettings, 'sslmode'>, boolean> }) {
  return (
    <Field label={label} description={description}>
      <Switch
        id={`footfall-${name}`}
        value={options.jsonData[name] ?? false}
        onChange={(event) => onOptionsChange(withJsonData(options, { [name]: event.currentTarget.checked }))}
      />
    </Field>
  );
}

interface SecretProps extends FieldProps {
  name: keyof FootfallSecrets;
  placeholder?: string;
}

/** A secret of one line. */
export function SecretField({ label, description, placeholder, ...props }: SecretProps) {
  return (
    <Field label={label} description={description}>
      <SecretInput {...secretProps(props)} width={WIDTH} placeholder={placeholder} autoComplete="new-password" />
    </Field>
  );
}

/** A secret of many lines: a PEM text. */
export function PemField({ label, description, placeholder, ...props }: SecretProps) {
  return (
    <Field label={label} description={description}>
      <SecretTextArea {...secretProps(props)} cols={60} rows={3} placeholder={placeholder} />
    </Field>
  );
}

function secretProps({ name, options, onOptionsChange }: EditorProps & Pick<SecretProps, 'name'>) {
  return {
    id: `footfall-${name}`,
    isConfigured: options.secureJsonFields?.[name] ?? false,
    value: options.secureJsonData?.[name] ?? '',
    onReset: () => onOptionsChange(withoutSecret(options, name)),
    onChange: (event: React.ChangeEvent<HTMLInputElement | HTMLTextAreaElement>) =>
      onOptionsChange(withSecret(options, name, event.currentTarget.value)),
  };
}
