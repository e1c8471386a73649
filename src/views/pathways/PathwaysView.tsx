import { css } from '@emotion/css';
import { CoreApp, type GrafanaTheme2 } from '@grafana/data';
import { Alert, RadioButtonGroup, useStyles2 } from '@grafana/ui';
import React, { useMemo, useState } from 'react';

import { type Surrounding } from '../../api/ask';
import { useAllSegments, useAttributes } from '../../api/datasource';
import { useAnswers } from '../../api/useAnswers';
import { APPLICATION } from '../../audience/audience';
import { filterProblem } from '../../audience/problem';
import { Actions } from '../../components/Actions';
import { AudienceBar } from '../../components/AudienceBar';
import { EmptyState } from '../../components/EmptyState';
import { Failure } from '../../components/Failure';
import { LoadingLine } from '../../components/LoadingLine';
import { formatCount } from '../../components/numbers';
import { RangeInput } from '../../components/RangeInput';
import { Stack } from '../../components/Stack';
import { takeAlong } from '../../components/takeAlong';
import { PATHWAYS_PANEL_ID } from '../../constants';
import { type Attribute, type PathwaysOptions, type Segment, STANDARD_ATTRIBUTES } from '../../query/types.gen';
import { t } from '../../text';
import { type HrefOfTrouble } from '../sessions/questions';
import { AnonymousSwitch } from '../users/AnonymousSwitch';
import { baseText } from '../users/base';
import { applicationsOf } from '../users/questions';
import { useConditions } from '../users/useConditions';

import { find, type Graph, graphOf, type Node, stepOf } from './graph';
import { type Side, Sides } from './Sides';
import { type Base, MOST_STEPS, optionsOf, OWN, type PathwaysState } from './state';
import { StepList } from './StepList';
import { type Opened, StepMenu } from './StepMenu';
import { Toolbar } from './Toolbar';
import { countedText, endsOf, headOf, isBackward, nameOf } from './words';

interface Props {
  datasource: string;
  /** The place where the view stands, by which conditions that are not finished are kept. */
  draft: string;
  state: PathwaysState;
  /** Whose sessions a panel's query is about and compares them with, and the dashboard around it, whose time range counts. */
  base?: Base;
  around?: Surrounding;
  onState: (state: PathwaysState) => void;
  /** The page of a user, or of a session of theirs. */
  hrefOf: (user: string, start?: number, anonymous?: boolean) => string;
  hrefOfTrouble: HrefOfTrouble;
  hrefOfSegment: (id: string) => string;
}

const MANY = 1000;

/** Which ways sessions or users take, drawn and as a table, with the sessions behind each number. */
export function PathwaysView({
  datasource,
  draft,
  state,
  base,
  around,
  onState,
  hrefOf,
  hrefOfTrouble,
  hrefOfSegment,
}: Props) {
  const styles = useStyles2(getStyles);
  const attributes = useAttributes(datasource, STANDARD_ATTRIBUTES);
  const segments = useAllSegments(datasource);
  const [opened, setOpened] = useState<Opened>();
  const change = (part: Partial<PathwaysState>) => onState({ ...state, of: '', compared: false, ...part });
  const { audience } = state;
  const conditions = useConditions({
    ...{ datasource, draft, audience, anonymous: state.anonymous },
    onDefinition: (definition) => change({ audience: { ...audience, definition } }),
  });
  const options = optionsOf(state, base);
  const answers = useAnswers(
    datasource,
    [
      ...(options ? [{ refId: 'paths', queryType: 'pathways' as const, options }] : []),
      {
        refId: 'applications',
        queryType: 'values' as const,
        options: { attribute: APPLICATION.sessions, limit: MANY },
      },
    ],
    state.range,
    around
  );
  const { paths, applications } = answers.of;
  const graph = useMemo(() => graphOf(paths?.frames ?? []), [paths]);
  const beside = useMemo(() => graphOf(paths?.frames ?? [], true), [paths]);
  const known = { attributes, segments };
  const sides = sideNames(state, base, known).flatMap((name, i) => {
    const own = [graph, beside][i];
    return own ? [{ name, graph: own }] : [];
  });
  const problem = filterProblem(paths?.error);
  const side = state.compared ? beside : graph;
  const step = side && options && stepOf(side, state.of);
  const hide = ({ kind, name }: Node) =>
    (kind === 'page' || kind === 'action') && change({ hide: [...state.hide, name] });
  return (
    <div className={styles.view} data-testid="pathways view">
      {/* The query's editor, right above in Explore, says whose they are; there is little room. */}
      {around?.app !== CoreApp.Explore && (
        <div className={styles.top}>
          <AudienceBar
            {...{ datasource, attributes, segments, audience, problem, choosesSegments: true }}
            applications={applicationsOf(applications)}
            around={around && base && baseText(selectionOf(base), known)}
            onChange={(audience) => change({ audience })}
            add={conditions.add}
            onEditConditions={conditions.onEdit}
          />
          {!around && <RangeInput range={state.range} onChange={(range) => change({ range })} />}
        </div>
      )}
      {conditions.builder}
      <Toolbar {...{ datasource, state, segments }} hasOwn={Boolean(base?.compare)} onChange={change} />
      <Stack wrap spread>
        <Stack wrap>
          <span aria-live="polite" aria-busy={answers.loading} className={styles.count}>
            {options &&
              sides
                .map(({ name, graph }) =>
                  sides.length > 1
                    ? t('pathways.side', { name, counted: countsText(graph, state) })
                    : countsText(graph, state)
                )
                .join(' · ')}
            {options && sides.length > 0 && (
              <span className={styles.among}>
                , {t(state.anonymous ? 'count.withVisitors' : 'count.withoutVisitors')}
              </span>
            )}
          </span>
          <AnonymousSwitch value={state.anonymous} onChange={(anonymous) => change({ anonymous })} />
        </Stack>
        <Stack wrap>
          {options && <Actions actions={[takeAlong(datasource, shown(options, state))]} />}
          <RadioButtonGroup
            aria-label={t('pathways.show')}
            options={[
              { value: false, label: t('pathways.show.chart') },
              { value: true, label: t('pathways.show.table') },
            ]}
            value={state.table}
            onChange={(table) => onState({ ...state, table })}
          />
        </Stack>
      </Stack>
      <LoadingLine loading={answers.loading} />
      {paths?.error && !problem && <Failure message={paths.error} onRetry={answers.again} />}
      {paths?.frames[0]?.meta?.notices
        ?.filter(({ text }) => !text.includes(' are not counted: '))
        .map(({ text }) => (
          <Alert key={text} severity="warning" title={text} />
        ))}
      {!options && <EmptyState icon="code-branch" title={t('pathways.noPage')} help={t('pathways.noPageHelp')} />}
      {graph && options && !isAnybody(sides) && !answers.loading && <Nothing state={state} graph={graph} />}
      {options && isAnybody(sides) && (
        <div className={styles.chart}>
          <Sides
            {...{ sides, state }}
            onOpen={setOpened}
            onHide={hide}
            onAddStep={state.steps < MOST_STEPS ? () => change({ steps: state.steps + 1 }) : undefined}
          />
        </div>
      )}
      {opened && graph && (
        <StepMenu {...opened} {...{ graph, state, onChange: change }} onClose={() => setOpened(undefined)} />
      )}
      {step && options && (
        <StepList
          key={`${state.of} ${state.compared} ${JSON.stringify(options)}`}
          {...{
            datasource,
            pathway: { options, ...step, ...(state.compared && { compared: true }) },
            range: state.range,
            around,
            hrefOf,
            hrefOfTrouble,
            hrefOfSegment,
          }}
          name={nameOfStep(sides, state)}
          list={state.list}
          onList={(list) => onState({ ...state, list })}
          onClose={() => change({})}
        />
      )}
    </div>
  );
}

const shown = (options: PathwaysOptions, { range }: PathwaysState) => ({
  ...{ panel: PATHWAYS_PANEL_ID, title: t('pathways.title'), range },
  query: { queryType: 'pathways' as const, options },
});

/** "12,402 sessions, 310 without /cart" */
function countsText(graph: Graph, { unit, page }: PathwaysState): string {
  return [
    countedText(graph.counted, unit),
    ...(graph.withoutAnchor > 0
      ? [t('pathways.withoutAnchor', { count: formatCount(graph.withoutAnchor), page })]
      : []),
    ...(graph.empty > 0 ? [t('pathways.empty', { count: formatCount(graph.empty) })] : []),
  ].join(', ');
}

/** Whose paths are shown, one name for each side. */
function sideNames({ audience, compare }: PathwaysState, base: Base | undefined, known: Known): string[] {
  const named = (ids: string[]) =>
    ids.map((id) => known.segments.find((segment) => segment.id === id)?.name ?? id).join(' or ');
  const everybody = t('pathways.side.everybody');
  const first = named(audience.segments) || (base && baseText(selectionOf(base), known)) || everybody;
  if (!compare) {
    return [first];
  }
  return [first, compare === OWN ? baseText(base?.compare ?? {}, known) || everybody : named([compare])];
}

interface Known {
  attributes: Attribute[];
  segments: Segment[];
}

const selectionOf = ({ compare: _, ...selection }: Base) => selection;

const isAnybody = (sides: Array<{ graph: Graph }>) => sides.some(({ graph }) => graph.counted > 0);

/** What a node or link is called above the list of its sessions. */
function nameOfStep(sides: Side[], { of, compared, anchor }: PathwaysState): string {
  const side = sides[compared ? 1 : 0];
  const { node, link } = side ? find(side.graph, of) : {};
  const { from, to } = side && link ? endsOf(side.graph, link) : {};
  const step = node
    ? `${nameOf(node)}, ${headOf(node.step, isBackward(anchor))}`
    : from && to
      ? t('pathways.fromTo', { from: nameOf(from), to: nameOf(to) })
      : '';
  return sides.length > 1 && step ? t('pathways.sideStep', { name: side.name, step }) : step;
}

function Nothing({ state, graph }: { state: PathwaysState; graph: Graph }) {
  const title = graph.withoutAnchor > 0 ? t('pathways.noAnchor', { page: state.page }) : t('pathways.nobody');
  return <EmptyState icon="code-branch" title={title} help={t('pathways.nobodyHelp')} />;
}

const getStyles = (theme: GrafanaTheme2) => ({
  view: css({
    ...{ display: 'flex', flexDirection: 'column', gap: theme.spacing(1), minWidth: 0, containerType: 'inline-size' },
  }),
  top: css({ display: 'flex', flexWrap: 'wrap', gap: theme.spacing(1), alignItems: 'flex-start' }),
  count: css({
    ...{ fontVariantNumeric: 'tabular-nums', fontWeight: theme.typography.fontWeightMedium },
  }),
  among: css({ color: theme.colors.text.secondary, fontWeight: theme.typography.fontWeightRegular }),
  chart: css({
    ...{ padding: theme.spacing(2), background: theme.colors.background.primary },
    ...{ border: `1px solid ${theme.colors.border.weak}`, borderRadius: theme.shape.radius.default },
  }),
});
