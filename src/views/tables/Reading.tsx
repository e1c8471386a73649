import { Checkbox, Field } from '@grafana/ui';
import React from 'react';

import { Choice } from '../../components/Choice';
import { Stack } from '../../components/Stack';
import { type TableChecked, type TableIdentity } from '../../query/types.gen';
import { t } from '../../text';

import { type FileOptions, withDelimiter, withFirstLine, withKey } from './options';

const IDENTITIES: TableIdentity[] = ['usr.id', 'usr.email', 'usr.name'];
const DELIMITERS = [',', ';', '\t', '|'] as const;

interface Props {
  checked: TableChecked;
  options: FileOptions;
  onOptions: (options: FileOptions) => void;
}

/** How a file is read: guessed at first, and to be corrected. */
export function Reading({
  checked: { columns, header, key, identity, delimiter, firstLine },
  options,
  onOptions,
}: Props) {
  return (
    <Stack wrap>
      <Field label={t('tables.keyColumn')}>
        <Choice
          label={t('tables.keyColumn')}
          width={30}
          value={options.key ?? key}
          options={columns.map(({ name }, i) => ({ value: name, label: header[i].trim() || name }))}
          onChange={(column) => onOptions(withKey(options, column))}
        />
      </Field>
      <Field label={t('tables.identity')}>
        <Choice
          label={t('tables.identity')}
          width={20}
          value={options.identity ?? identity}
          options={IDENTITIES.map((value) => ({ value, label: t(`tables.identity.${value}`), description: value }))}
          onChange={(chosen) => onOptions({ ...options, identity: chosen })}
        />
      </Field>
      <Field label={t('tables.delimiter')}>
        <Choice
          label={t('tables.delimiter')}
          width={20}
          value={options.delimiter ?? delimiter}
          options={DELIMITERS.map((value) => ({
            value,
            label: t(`tables.delimiter.${value === '\t' ? 'tab' : value}`),
          }))}
          onChange={(chosen) => onOptions(withDelimiter(chosen))}
        />
      </Field>
      <Checkbox
        label={t('tables.firstLine')}
        description={t(firstLine === 'row' ? 'tables.firstLineRow' : 'tables.firstLineNames')}
        value={(options.firstLine ?? firstLine) === 'names'}
        onChange={({ currentTarget }) => onOptions(withFirstLine(options, currentTarget.checked ? 'names' : 'row'))}
      />
    </Stack>
  );
}
