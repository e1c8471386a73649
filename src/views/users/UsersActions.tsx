import { css } from '@emotion/css';
import { type GrafanaTheme2 } from '@grafana/data';
import { Alert, Button, LinkButton, useStyles2 } from '@grafana/ui';
import React, { type ReactNode, useState } from 'react';

import { explorePage, leavingPage, segmentPage } from '../../address';
import { boundsOf } from '../../api/range';
import { callResource } from '../../api/call';
import { download } from '../../api/download';
import { messageOf } from '../../api/errors';
import { mayEdit } from '../../api/roles';
import { forgetAnswers } from '../../api/useAnswers';
import { EVERYBODY, isEverybody, segmentLists, toAddress } from '../../audience/audience';
import { NotASegment } from '../../audience/definition';
import { type Action, Actions } from '../../components/Actions';
import { SaveSegment, type Saved } from '../../components/SaveSegment';
import { Stack } from '../../components/Stack';
import { spanOf } from '../../conditions/span';
import { type Attribute, type SegmentDefinition } from '../../query/types.gen';
import { t } from '../../text';

import { type Base } from './base';
import { attributesOf, profilesOptions, whoOf } from './questions';
import { definitionOf } from './shown';
import { type UsersState } from './state';

interface Props {
  /** How many users are shown, at the other end of the line. */
  count: ReactNode;
  /** Shows the facets where they have no room beside the list. */
  facets: ReactNode;
  /** There is more to be kept than what was found already. */
  worthKeeping: boolean;
  datasource: string;
  state: UsersState;
  base?: Base;
  columns: string[];
  attributes: Attribute[];
  /** What dates are read in. */
  timeZone: string;
  onState: (state: UsersState) => void;
  onColumns: () => void;
}

/** What can be done with the users shown: keep, export, use elsewhere. */
export function UsersActions(props: Props) {
  const { count, facets, worthKeeping, datasource, state, base, columns, attributes, timeZone, onState, onColumns } =
    props;
  const styles = useStyles2(getStyles);
  const [definition, setDefinition] = useState<SegmentDefinition>();
  const [saved, setSaved] = useState<{ segment: Saved; before: UsersState }>();
  const [problem, setProblem] = useState<string>();
  const [exporting, setExporting] = useState(false);

  const attempt = async (what: () => Promise<void> | void) => {
    setProblem(undefined);
    try {
      await what();
    } catch (error) {
      setProblem(error instanceof NotASegment ? notSaid(error) : messageOf(error));
    }
  };
  const exportUsers = () =>
    attempt(async () => {
      setExporting(true);
      try {
        const { limit, offset, ...options } = profilesOptions(state, columns, base);
        const data = { ...boundsOf(state.range), options: { ...options, columns: attributesOf(columns) } };
        const file = await callResource<Blob>(datasource, 'profiles.csv', {
          method: 'POST',
          data,
          responseType: 'blob',
        });
        download(file, 'users');
      } finally {
        setExporting(false);
      }
    });
  const undo = ({ segment, before }: { segment: Saved; before: UsersState }) =>
    attempt(async () => {
      await callResource(datasource, `segments/${segment.id}`, { method: 'DELETE' });
      setSaved(undefined);
      forgetAnswers();
      onState(before);
    });
  const reason = whyNoSegment(state, base);
  const query = queryOf(state, columns, base);
  const others: Action[] = [
    // Pathways search for nobody by name, and know nothing of what a panel's query says.
    ...(base || isEverybody({ ...state.audience, search: '' })
      ? []
      : [{ text: t('segments.leave'), icon: 'code-branch' as const, href: leaveAddress(datasource, state) }]),
    { text: t('users.columns'), icon: 'columns', onClick: onColumns },
    {
      ...{ text: t(exporting ? 'users.exporting' : 'users.export'), icon: 'download-alt' },
      ...{ disabled: exporting, onClick: exportUsers },
    },
    {
      ...{ text: t('users.use'), icon: 'apps' },
      choices: [
        { text: t('users.explore'), href: explorePage(datasource, query, state.range) },
        {
          text: t('users.copyQuery'),
          onClick: () => void navigator.clipboard.writeText(JSON.stringify(query, null, 2)),
        },
      ],
    },
  ];
  return (
    <>
      <Stack wrap spread className={styles.line}>
        {count}
        <Stack wrap>
          {facets}
          <Button
            {...{
              icon: 'save',
              variant: worthKeeping ? 'primary' : 'secondary',
              disabled: Boolean(reason),
              tooltip: reason,
            }}
            onClick={() => attempt(() => setDefinition(definitionOf(state, base, attributes, timeZone)))}
          >
            {t('users.saveSegment')}
          </Button>
          <Actions actions={others} />
        </Stack>
      </Stack>
      {problem && <Alert severity="error" title={problem} onRemove={() => setProblem(undefined)} />}
      {saved && (
        <Alert
          severity="success"
          title={t('users.saved', { name: saved.segment.name })}
          onRemove={() => setSaved(undefined)}
        >
          <Stack>
            <LinkButton variant="secondary" size="sm" href={segmentPage(saved.segment.id, [['ds', datasource]])}>
              {t('segments.openOne')}
            </LinkButton>
            <Button variant="secondary" size="sm" icon="history" onClick={() => void undo(saved)}>
              {t('common.undo')}
            </Button>
          </Stack>
        </Alert>
      )}
      {definition && (
        <SaveSegment
          {...{ datasource, definition, onClose: () => setDefinition(undefined) }}
          onSaved={(segment) => {
            setDefinition(undefined);
            setSaved({ segment, before: state });
            forgetAnswers();
            onState({ ...state, page: 1, audience: { ...EVERYBODY, segments: [segment.id] } });
          }}
        />
      )}
    </>
  );
}

/** Why what is shown cannot be kept, undefined where it can. */
function whyNoSegment(state: UsersState, base?: Base): string | undefined {
  if (!mayEdit()) {
    return t('save.role');
  }
  const { filters, filter, search, excludeSegments, activeInRange, ...selection } = whoOf(state, base);
  const lists = [filters, filter, search, excludeSegments, ...segmentLists(selection)];
  return !activeInRange && lists.every((one) => !one?.length) ? t('save.nothing') : undefined;
}

const notSaid = ({ message, mixed }: NotASegment) => t(mixed ? 'save.mixed' : 'save.notSaid', { term: message });

/** Where those shown leave, in the time that their conditions are about. */
function leaveAddress(datasource: string, { audience, range }: UsersState): string {
  const span = audience.definition && spanOf(audience.definition);
  return leavingPage(datasource, toAddress({ ...audience, search: '' }), span ?? range);
}

/** The table as a query of a panel. */
const queryOf = (state: UsersState, columns: string[], base?: Base) => ({
  queryType: 'profiles',
  options: { ...profilesOptions(state, columns, base), columns: attributesOf(columns) },
});

const getStyles = (theme: GrafanaTheme2) => ({
  line: css({ minHeight: theme.spacing(theme.components.height.md) }),
});
