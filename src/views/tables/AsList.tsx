import { Alert, Button, Field, Input } from '@grafana/ui';
import React, { useState } from 'react';

import { callResource, CSV } from '../../api/call';
import { messageOf } from '../../api/errors';
import { forgetAnswers } from '../../api/useAnswers';
import { idOf } from '../../components/segmentId';
import { Section } from '../../components/Section';
import { Stack } from '../../components/Stack';
import { type TableChecked } from '../../query/types.gen';
import { t } from '../../text';

import { asList, type FileText } from './file';

interface Props {
  datasource: string;
  file: FileText;
  checked: TableChecked;
  disabled: boolean;
  onMade: (id: string) => void;
}

/** Makes a static segment of a file that names users and says nothing of them. */
export function AsList({ datasource, file, checked: { identity, firstLine, problems }, disabled, onMade }: Props) {
  const [name, setName] = useState(() => file.name.replace(/\.[a-z]+$/i, ''));
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<string>();
  const id = idOf(name);
  const make = async () => {
    setBusy(true);
    setRefusal(undefined);
    try {
      await makeList(datasource, { id, name: name.trim(), identity }, asList(file.text, identity, firstLine));
      forgetAnswers();
      onMade(id);
    } catch (error) {
      setRefusal(messageOf(error));
      setBusy(false);
    }
  };
  return (
    <Section title={t('tables.asList')}>
      <p>{t('tables.asListHelp')}</p>
      {refusal && <Alert severity="error" title={refusal} />}
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void make();
        }}
      >
        <Field label={t('save.name')}>
          <Input
            {...{ id: 'list-name', width: 40, value: name }}
            onChange={({ currentTarget }) => setName(currentTarget.value)}
          />
        </Field>
        <Stack>
          <Button
            {...{ type: 'submit', variant: 'secondary', icon: 'users-alt' }}
            disabled={disabled || busy || !id || problems.length > 0}
          >
            {t('tables.asList')}
          </Button>
        </Stack>
      </form>
    </Section>
  );
}

/** A segment whose list cannot be stored does not stay. */
async function makeList(datasource: string, segment: { id: string; name: string; identity: string }, list: string) {
  const path = `segments/${segment.id}`;
  await callResource(datasource, 'segments', { method: 'POST', data: { ...segment, kind: 'static', list: [] } });
  try {
    await callResource(datasource, `${path}/list`, { method: 'POST', data: list, headers: CSV });
  } catch (error) {
    await callResource(datasource, path, { method: 'DELETE' });
    throw error;
  }
  await callResource(datasource, `${path}/refresh`, { method: 'POST' });
}
