import { Checkbox, Field } from '@grafana/ui';
import React from 'react';

import { useAttributes } from '../../api/datasource';
import { Choice } from '../../components/Choice';
import { Stack } from '../../components/Stack';
import { type Attribute, type TableChecked } from '../../query/types.gen';
import { t } from '../../text';

import { IDENTITIES, identityText, isOfEveryStore } from './facts';
import { type FileOptions, withDelimiter, withFirstLine, withKey } from './options';

const DELIMITERS = [',', ';', '\t', '|'] as const;

interface Props {
  datasource: string;
  checked: TableChecked;
  options: FileOptions;
  onOptions: (options: FileOptions) => void;
}

/** How a file is read: guessed at first, and to be corrected. */
export function Reading({
  datasource,
  checked: { columns, header, key, identity, delimiter, firstLine },
  options,
  onOptions,
}: Props) {
  const attributes = useAttributes(datasource);
  const chosenIdentity = options.identity ?? identity;
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
          value={chosenIdentity}
          options={identityOptions(attributes, chosenIdentity)}
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

/** What every store has, then the attributes of its users, the one that was chosen among them. */
function identityOptions(attributes: Attribute[], chosen: string) {
  const custom = attributes.map(({ id }) => id).filter((id) => id.startsWith('usr.'));
  const others = new Set([...custom, chosen].filter((id) => !isOfEveryStore(id)));
  return [...IDENTITIES, ...others].map((value: string) => ({
    value,
    label: identityText(value),
    description: isOfEveryStore(value) ? value : t('tables.attribute'),
  }));
}
