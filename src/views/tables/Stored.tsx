import { Alert, Button, LinkButton } from '@grafana/ui';
import React, { useState } from 'react';

import { SaveSegment, type Saved } from '../../components/SaveSegment';
import { Section } from '../../components/Section';
import { formatCount } from '../../components/numbers';
import { Stack } from '../../components/Stack';
import { type TableReport } from '../../query/types.gen';
import { t } from '../../text';

import { Counts } from './Counts';
import { Downloads } from './Downloads';
import { type FileText } from './file';
import { type Places } from './places';

interface Props {
  datasource: string;
  file: FileText;
  report: TableReport;
  /** How the file was read. */
  query: string;
  places: Places;
}

/** What became of a file, and what can be done with it now. */
export function Stored({ datasource, file, report, query, places }: Props) {
  const [naming, setNaming] = useState(false);
  const [saved, setSaved] = useState<Saved>();
  const { table, stored, key, columns, firstLine } = report;
  const other = columns.find(({ name }) => name !== key) ?? columns[0];
  return (
    <>
      <Alert severity="success" title={t('tables.stored', { name: table, rows: formatCount(stored) })} />
      <Section title={t('tables.lastUpload')}>
        <Counts content={report} />
        {firstLine === 'row' && <p>{t('tables.firstLineRow')}</p>}
        <Downloads {...{ datasource, file, content: report, query }} />
      </Section>
      <Section title={t('tables.next')}>
        <Stack wrap>
          <Button icon="users-alt" onClick={() => setNaming(true)}>
            {t('tables.makeSegment')}
          </Button>
          <LinkButton variant="secondary" icon="filter" href={places.users(`${table}.${other.name}:*`)}>
            {t('tables.useColumns')}
          </LinkButton>
          <LinkButton variant="secondary" icon="table" href={places.table(table)}>
            {t('tables.open')}
          </LinkButton>
        </Stack>
        {saved && <SegmentMade {...{ saved, places }} />}
      </Section>
      {naming && (
        <SaveSegment
          {...{ datasource, definition: { where: { table } }, onClose: () => setNaming(false) }}
          onSaved={(segment) => {
            setSaved(segment);
            setNaming(false);
          }}
        />
      )}
    </>
  );
}

/** That a table is a segment now, too. */
export function SegmentMade({ saved: { id, name }, places }: { saved: Saved; places: Places }) {
  return (
    <Alert severity="success" title={t('tables.segmentMade', { name })}>
      <LinkButton size="sm" variant="secondary" href={places.segment(id)}>
        {t('segments.openOne')}
      </LinkButton>
    </Alert>
  );
}
