import { css } from '@emotion/css';
import { type GrafanaTheme2 } from '@grafana/data';
import { Alert, Button, ConfirmModal, useStyles2 } from '@grafana/ui';
import React, { useState } from 'react';

import { callResource } from '../../api/call';
import { download } from '../../api/download';
import { messageOf } from '../../api/errors';
import { mayEdit } from '../../api/roles';
import { forgetAnswers } from '../../api/useAnswers';
import { type Action, Actions } from '../../components/Actions';
import { BackLink } from '../../components/BackLink';
import { formatCount } from '../../components/numbers';
import { SaveSegment, type Saved } from '../../components/SaveSegment';
import { Stack } from '../../components/Stack';
import { type Table } from '../../query/types.gen';
import { t } from '../../text';

import { tablePath } from './facts';
import { type Places } from './places';
import { SegmentMade } from './Stored';

interface Props {
  datasource: string;
  table: Table;
  places: Places;
  mayExport: boolean;
  onDeleted: (name: string) => void;
  onChanged: () => void;
}

/** What can be done with a table as a whole. */
export function TableActions({ datasource, table, places, mayExport, onDeleted, onChanged }: Props) {
  const styles = useStyles2(getStyles);
  const [naming, setNaming] = useState(false);
  const [saved, setSaved] = useState<Saved>();
  const [deleting, setDeleting] = useState(false);
  const [problem, setProblem] = useState<string>();
  const { name, rows, usedBy } = table;
  const may = mayEdit();
  const names = usedBy.map((segment) => segment.name).join(', ');
  const attempt = async (act: () => Promise<void>) => {
    setProblem(undefined);
    try {
      await act();
    } catch (error) {
      setProblem(messageOf(error));
    }
  };
  const exportRows = () =>
    attempt(async () => {
      download(await callResource<Blob>(datasource, `${tablePath(name)}/rows.csv`, { responseType: 'blob' }), name);
    });
  const remove = () =>
    attempt(async () => {
      setDeleting(false);
      await callResource(datasource, tablePath(name), { method: 'DELETE' });
      forgetAnswers();
      onDeleted(name);
    });
  const always: Action[] = [
    {
      ...{ text: t('users.export'), icon: 'download-alt', onClick: () => void exportRows() },
      ...(!mayExport && { disabled: true, reason: t('tables.exportRole') }),
    },
  ];
  const changes: Action[] = [
    { text: t('tables.replace'), icon: 'upload', href: places.upload(name) },
    {
      ...{ text: t('tables.delete'), icon: 'trash-alt', destructive: true, onClick: () => setDeleting(true) },
      ...(usedBy.length > 0 && { disabled: true, reason: t('tables.deleteReason', { names }) }),
    },
  ];
  return (
    <Stack direction="column">
      <Stack wrap spread>
        <BackLink href={places.list} text={t('tables.all')} />
        <Stack wrap>
          <Actions few actions={may ? [...always, ...changes] : always} />
          {may && (
            <Button icon="users-alt" onClick={() => setNaming(true)}>
              {t('tables.makeSegment')}
            </Button>
          )}
        </Stack>
      </Stack>
      {!may && <p className={styles.note}>{t('tables.role')}</p>}
      {problem && <Alert severity="error" title={problem} />}
      {saved && <SegmentMade {...{ saved, places }} />}
      {naming && (
        <SaveSegment
          {...{ datasource, definition: { where: { table: name } }, onClose: () => setNaming(false) }}
          onSaved={(segment) => {
            setSaved(segment);
            setNaming(false);
            onChanged();
          }}
        />
      )}
      <ConfirmModal
        isOpen={deleting}
        title={t('tables.delete')}
        body={t('tables.deleteBody', { name, rows: formatCount(rows) })}
        confirmText={t('tables.delete')}
        onConfirm={() => void remove()}
        onDismiss={() => setDeleting(false)}
      />
    </Stack>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({ note: css({ color: theme.colors.text.secondary, margin: 0 }) });
