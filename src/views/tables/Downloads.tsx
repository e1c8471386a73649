import { Alert, Button } from '@grafana/ui';
import React, { useState } from 'react';

import { callResource, CSV } from '../../api/call';
import { download } from '../../api/download';
import { messageOf } from '../../api/errors';
import { Stack } from '../../components/Stack';
import { type TableContent } from '../../query/types.gen';
import { t } from '../../text';

import { type FileText, nameOfFile } from './file';

interface Props {
  datasource: string;
  file: FileText;
  content: TableContent;
  /** How the file is read. */
  query: string;
}

/** The rows of a file that are without effect, to be looked at and corrected. */
export function Downloads({ datasource, file: { name, text }, content, query }: Props) {
  const [problem, setProblem] = useState<string>();
  const save = async (of: 'rejected' | 'unmatched') => {
    setProblem(undefined);
    try {
      const path = `tables/check/rows.csv?of=${of}&${query}`;
      const call = { method: 'POST', data: text, headers: CSV, responseType: 'blob' } as const;
      download(await callResource<Blob>(datasource, path, call), `${nameOfFile(name)}-${of}`);
    } catch (error) {
      setProblem(messageOf(error));
    }
  };
  const hasRejected = content.duplicate + content.empty + content.invalid > 0;
  return (
    <>
      <Stack wrap>
        {content.unmatched > 0 && (
          <Button size="sm" variant="secondary" icon="download-alt" onClick={() => void save('unmatched')}>
            {t('tables.getUnmatched')}
          </Button>
        )}
        {hasRejected && (
          <Button size="sm" variant="secondary" icon="download-alt" onClick={() => void save('rejected')}>
            {t('tables.getRejected')}
          </Button>
        )}
      </Stack>
      {problem && <Alert severity="error" title={problem} />}
    </>
  );
}
