import { Alert, Button, LinkButton, Pagination } from '@grafana/ui';
import React, { useState } from 'react';

import { callResource } from '../../api/call';
import { mayEdit } from '../../api/roles';
import { useAnswers } from '../../api/useAnswers';
import { EmptyState } from '../../components/EmptyState';
import { Failure } from '../../components/Failure';
import { usersText } from '../../components/holders';
import { LoadingLine } from '../../components/LoadingLine';
import { type Named, NameForm } from '../../components/NameForm';
import { formatCount } from '../../components/numbers';
import { Stack } from '../../components/Stack';
import { UsersTable } from '../../components/UsersTable';
import { attributeNamed } from '../../query/attributes';
import { type Sort, STANDARD_ATTRIBUTES } from '../../query/types.gen';
import { t } from '../../text';

import { type Listed } from './StepList';

interface Props extends Listed {
  hrefOf: (user: string) => string;
  hrefOfSegment: (id: string) => string;
}

const ROWS = 20;
/** As many users as an answer may have at once. */
const MOST = 10_000;
const COLUMNS = ['user_name', 'user_email', 'last_seen', 'last_country', 'sessions', 'frustrations'];
const SHOWN = ['user_id', ...COLUMNS.slice(2)];

/** The users who are counted in a node or link, who can be kept as a segment. */
export function StepUsers({ datasource, name, pathway, range, around, hrefOf, hrefOfSegment }: Props) {
  const [page, setPage] = useState(1);
  const [sort, setSort] = useState<Sort>({ column: 'last_seen', descending: true });
  const [naming, setNaming] = useState(false);
  const [kept, setKept] = useState<Named>();
  const users = { pathway, columns: ['user_id', ...COLUMNS] };
  const { of, loading, again } = useAnswers(
    datasource,
    [
      {
        ...{ refId: 'users', queryType: 'profiles' as const },
        options: {
          ...users,
          sort: sort.column === 'user_id' ? { ...sort, column: 'user_name' } : sort,
          ...{ limit: ROWS, offset: (page - 1) * ROWS, includeTotal: true },
        },
      },
      // All of them, once they are to be kept.
      ...(naming
        ? [
            {
              ...{ refId: 'all', queryType: 'profiles' as const },
              options: { pathway, columns: ['user_id'], sort: { column: 'user_id', descending: false }, limit: MOST },
            },
          ]
        : []),
    ],
    range,
    around
  );
  const frame = of.users?.frames[0];
  const total: number = frame?.meta?.custom?.total ?? 0;
  const list: string[] | undefined = of.all?.frames[0]?.fields[0]?.values;
  const reason = whyNotKept(total, pathway.options.includeAnonymous);
  const keep = async (segment: Named) => {
    const data = { ...segment, kind: 'static', identity: 'usr.id', list };
    await callResource(datasource, 'segments', { method: 'POST', data });
    await callResource(datasource, `segments/${segment.id}/refresh`, { method: 'POST' });
    setNaming(false);
    setKept(segment);
  };
  return (
    <>
      <LoadingLine loading={loading} />
      <Stack spread wrap>
        <span aria-live="polite">{frame && usersText(total)}</span>
        <Button
          {...{ variant: 'secondary', icon: 'save', disabled: !total || Boolean(reason), tooltip: reason }}
          onClick={() => setNaming(true)}
        >
          {t('pathways.keep')}
        </Button>
      </Stack>
      {kept && (
        <Alert severity="success" title={t('pathways.kept', { name: kept.name })} onRemove={() => setKept(undefined)}>
          <LinkButton variant="secondary" size="sm" href={hrefOfSegment(kept.id)}>
            {t('pathways.open')}
          </LinkButton>
        </Alert>
      )}
      {of.users?.error && <Failure message={of.users.error} onRetry={again} />}
      {frame && frame.length > 0 && (
        <UsersTable
          {...{ frame, sort, hrefOf, old: loading }}
          columns={SHOWN.map((id) => ({ id, name: attributeNamed(id, STANDARD_ATTRIBUTES)?.name ?? id }))}
          onSort={(next) => {
            setSort(next);
            setPage(1);
          }}
        />
      )}
      {frame?.length === 0 && !loading && <EmptyState icon="user" title={t('pathways.noUsers')} />}
      {total > ROWS && <Pagination currentPage={page} numberOfPages={Math.ceil(total / ROWS)} onNavigate={setPage} />}
      {naming && list && !loading && (
        <NameForm
          {...{ title: t('pathways.keep'), action: t('pathways.keep'), initialName: name, onSubmit: keep }}
          onClose={() => setNaming(false)}
        >
          <p>{t('pathways.keepHelp', { counted: usersText(list.length) })}</p>
        </NameForm>
      )}
    </>
  );
}

function whyNotKept(total: number, withAnonymous?: boolean): string | undefined {
  if (!mayEdit()) {
    return t('pathways.mayNotKeep');
  }
  if (withAnonymous) {
    return t('pathways.noAnonymousKept');
  }
  return total > MOST ? t('pathways.tooMany', { most: formatCount(MOST), count: formatCount(total) }) : undefined;
}
