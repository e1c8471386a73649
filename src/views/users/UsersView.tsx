import { css, cx } from '@emotion/css';
import { type GrafanaTheme2 } from '@grafana/data';
import { Alert, Button, IconButton, Pagination, useStyles2 } from '@grafana/ui';
import React, { useMemo, useRef, useState } from 'react';

import { type Surrounding } from '../../api/ask';
import { useAttributes, useSegments } from '../../api/datasource';
import { useAnswers } from '../../api/useAnswers';
import { isEverybody } from '../../audience/audience';
import { speaksOfEvents } from '../../audience/levels';
import { filterProblem } from '../../audience/problem';
import { type Value } from '../../audience/terms';
import { AudienceBar } from '../../components/AudienceBar';
import { Choice } from '../../components/Choice';
import { ColumnsDrawer } from '../../components/ColumnsDrawer';
import { Count } from '../../components/Count';
import { EmptyState } from '../../components/EmptyState';
import { FacetRail, FacetsToggle } from '../../components/FacetRail';
import { Failure } from '../../components/Failure';
import { KeysHelp } from '../../components/KeysHelp';
import { LoadingLine } from '../../components/LoadingLine';
import { formatCount } from '../../components/numbers';
import { RangeInput } from '../../components/RangeInput';
import { SearchBox } from '../../components/SearchBox';
import { MEDIUM, NARROW } from '../../components/narrow';
import { Stack } from '../../components/Stack';
import { useKeys } from '../../components/useKeys';
import { type Column, focusFirstUser, UsersTable } from '../../components/UsersTable';
import { useRemembered } from '../../components/useRemembered';
import { ofLevel, singleValued } from '../../query/attributes';
import { ianaTimeZone } from '../../query/timeZone';
import { type Attribute, STANDARD_ATTRIBUTES } from '../../query/types.gen';
import { t } from '../../text';

import { AnonymousSwitch } from './AnonymousSwitch';
import { type Base, baseText, segmentsOf } from './base';
import { Nobody } from './Nobody';
import {
  applicationsOf,
  chosenOf,
  columnsFrom,
  DEFAULT_FACETS,
  facetOf,
  type FacetWish,
  limitOf,
  MORE_VALUES,
  targetsOf,
  totalOf,
  USER,
  whoOf,
  withChosen,
} from './questions';
import { amongOf } from './shown';
import { ROWS, type UsersState } from './state';
import { useConditions } from './useConditions';
import { UsersActions } from './UsersActions';

interface Props {
  datasource: string;
  /** The place where the view stands, by which conditions that are not finished are kept. */
  draft: string;
  state: UsersState;
  /** What a panel's query says, and the dashboard around it, whose time range counts. */
  base?: Base;
  around?: Surrounding;
  /** Columns until others are chosen. */
  usualColumns?: string[];
  /** `typing` is true for a change that is no step to come back to. */
  onState: (state: UsersState, typing?: boolean) => void;
  hrefOf: (user: string) => string;
}

/** Users: searched, faceted, filtered, sorted, exported and kept as a segment. */
export function UsersView({ datasource, draft, state, base, around, usualColumns, onState, hrefOf }: Props) {
  const styles = useStyles2(getStyles);
  const { audience } = state;
  const known = useAttributes(datasource);
  const attributes = known.length > 0 ? known : STANDARD_ATTRIBUTES;
  const segments = useSegments(datasource, segmentsOf(whoOf(state, base)));
  const [columns, setColumns] = useRemembered(`users.columns.${datasource}`, columnsFrom(usualColumns));
  const [facets, setFacets] = useRemembered(`users.facets.${datasource}`, DEFAULT_FACETS);
  const [wishes, setWishes] = useState<Record<string, FacetWish>>({});
  const [choosing, setChoosing] = useState(false);
  const [helping, setHelping] = useState(false);
  const [faceting, setFaceting] = useState(false);

  const answers = useAnswers(datasource, targetsOf(state, columns, facets, wishes, base), state.range, around);
  const { rows, total, universe } = answers.of;
  const change = (part: Partial<UsersState>, typing = false) => onState({ ...state, page: 1, ...part }, typing);
  const narrow = (part: Partial<UsersState['audience']>, typing = false) =>
    change({ audience: { ...audience, ...part } }, typing);

  const timeZone = ianaTimeZone(around?.timezone ?? 'browser');
  const anonymous = state.anonymous || Boolean(base?.includeAnonymous);
  const conditions = useConditions({
    ...{ datasource, draft, audience, anonymous, among: amongOf(state, base, attributes, timeZone) },
    onDefinition: (definition) => narrow({ definition }),
  });

  const all = useMemo(() => columnsOf(attributes), [attributes]);
  const shown = columns.map((id) => all.find((column) => column.id === id) ?? { id, name: id });
  const choose = (attribute: string, only: Value[], without: Value[]) =>
    narrow(withChosen(audience, attribute, only, without));
  const wish = (attribute: string, part: FacetWish) =>
    setWishes({ ...wishes, [attribute]: { ...wishes[attribute], ...part } });
  const view = useRef<HTMLDivElement>(null);
  const input = useRef<HTMLInputElement>(null);
  const toSearch = () => input.current?.focus();
  const clearSearch = () => {
    narrow({ search: '' });
    toSearch();
  };
  const onKeyDown = useKeys(
    { '/': toSearch, '?': () => setHelping(true), ...(audience.search && { Escape: clearSearch }) },
    // On a dashboard there may be several views.
    around ? {} : { '/': toSearch }
  );

  const asksTime = !around && speaksOfEvents(audience.filter, attributes);
  const frame = rows?.frames[0];
  const found = totalOf(total);
  // What is shown is then of the question before.
  const failed = Boolean(rows?.error);
  const problem = filterProblem(rows?.error);
  return (
    <div ref={view} className={styles.view} data-testid="users view" onKeyDown={onKeyDown}>
      <div className={styles.top}>
        <SearchBox
          {...{ label: t('users.search'), value: audience.search, inputRef: input }}
          onChange={(search) => narrow({ search }, true)}
          onDown={() => focusFirstUser(view.current)}
        />
        <AudienceBar
          {...{ datasource, attributes, segments, audience, problem }}
          applications={applicationsOf(answers.of.applications)}
          around={around && base && baseText(base, { attributes, segments })}
          onChange={(audience) => change({ audience })}
          add={conditions.add}
          onEditConditions={conditions.onEdit}
        />
        <Stack className={asksTime ? styles.time : styles.noTime}>
          {around ? null : asksTime ? (
            <RangeInput range={state.range} onChange={(range) => change({ range })} />
          ) : (
            <span className={cx(styles.range, styles.allTime)}>{t('users.allTime')}</span>
          )}
          <IconButton
            name="keyboard"
            tooltip={t('keys.help')}
            className={styles.keys}
            onClick={() => setHelping(true)}
          />
        </Stack>
      </div>
      {conditions.builder}
      <UsersActions
        facets={<FacetsToggle open={faceting} onToggle={setFaceting} />}
        count={
          <Stack wrap>
            <Count
              {...{ total: found, universe: totalOf(universe), counting: answers.loading, old: failed }}
              among={t(anonymous ? 'count.with' : 'count.without')}
            />
            {/* Where a panel's query has them anyway, there is nothing to choose. */}
            {!base?.includeAnonymous && (
              <AnonymousSwitch value={anonymous} onChange={(anonymous) => change({ anonymous })} />
            )}
          </Stack>
        }
        {...{ datasource, state, base, columns, attributes, onState }}
        timeZone={timeZone}
        worthKeeping={found !== 0 && !failed && !isEverybody(audience)}
        onColumns={() => setChoosing(true)}
      />
      <LoadingLine loading={answers.loading} />
      {rows?.error && !problem && <Failure message={rows.error} onRetry={answers.again} />}
      {frame?.meta?.notices
        ?.filter(({ text }) => !text.startsWith('Showing '))
        .map(({ text }) => (
          <Alert key={text} severity="warning" title={text} />
        ))}
      <div className={styles.parts}>
        <FacetRail
          open={faceting}
          facets={facets.map((attribute) => ({
            attribute,
            name: nameOf(attribute, attributes),
            ...facetOf(answers.of[`facets${limitOf(wishes, attribute)}`], attribute),
            ...(failed && { error: undefined }),
            search: wishes[attribute]?.search ?? '',
            ...chosenOf(state, attribute),
          }))}
          loading={answers.loading}
          old={answers.loading || failed}
          others={facetsToAdd(attributes, facets)}
          onChoose={choose}
          onSearch={(attribute, search) => wish(attribute, { search })}
          onMore={(attribute) => wish(attribute, { limit: limitOf(wishes, attribute) + MORE_VALUES })}
          onAdd={(attribute) => setFacets([...facets, attribute])}
          onRemove={(attribute) => setFacets(facets.filter((other) => other !== attribute))}
        />
        <div className={styles.list}>
          {frame && frame.length > 0 && (
            <UsersTable
              {...{ frame, columns: shown, sort: state.sort, old: answers.loading || failed, hrefOf }}
              onSort={(sort) => change({ sort })}
            />
          )}
          {!frame?.length && problem && (
            <EmptyState icon="filter" title={t('users.wrong')} help={t('users.wrongHelp')} />
          )}
          {found === 0 && !answers.loading && !failed && (
            <Nobody
              {...{ datasource, state, base, around, attributes, segments }}
              {...{ universe: totalOf(universe), onChange: change, onRetry: answers.again }}
            />
          )}
          {found !== undefined && found > 0 && frame?.length === 0 && !answers.loading && !failed && (
            <EmptyState title={t('users.beyond')}>
              <Button onClick={() => change({})}>{t('users.firstPage')}</Button>
            </EmptyState>
          )}
          {found !== undefined && found > 0 && (
            <Stack wrap spread className={styles.pages}>
              <span className={styles.range}>{shownText(state, found)}</span>
              <Stack>
                <Choice
                  label={t('users.rows')}
                  width={10}
                  options={ROWS.map((value) => ({ value, label: String(value) }))}
                  value={state.rows}
                  onChange={(rows) => change({ rows })}
                />
                <Pagination
                  currentPage={state.page}
                  numberOfPages={Math.max(1, Math.ceil(found / state.rows))}
                  onNavigate={(page) => change({ page })}
                />
              </Stack>
            </Stack>
          )}
        </div>
      </div>
      {helping && <KeysHelp onClose={() => setHelping(false)} />}
      {choosing && (
        <ColumnsDrawer
          {...{ shown, all, onChange: setColumns, onReset: () => setColumns(columnsFrom(usualColumns)) }}
          onClose={() => setChoosing(false)}
        />
      )}
    </div>
  );
}

/** What the table can show of users. */
function columnsOf(attributes: Attribute[]): Column[] {
  const others = singleValued(ofLevel(attributes, 'profile')).map(({ id, name }) => ({ id, name }));
  return [{ id: USER, name: t('columns.user') }, ...others];
}

const nameOf = (id: string, attributes: Attribute[]) =>
  attributes.find((attribute) => attribute.id === id)?.name ?? (id === 'segment' ? 'Segment' : id);

function facetsToAdd(attributes: Attribute[], facets: string[]) {
  return ofLevel(attributes, 'profile')
    .filter(({ id, type }) => type !== 'time' && id !== 'user_id' && !facets.includes(id))
    .map(({ id, name }) => ({ value: id, label: name, description: id }));
}

function shownText({ page, rows }: UsersState, total: number): string {
  const from = (page - 1) * rows + 1;
  const to = Math.min(page * rows, total);
  return t('users.shown', { from: formatCount(from), to: formatCount(to), total: formatCount(total) });
}

const getStyles = (theme: GrafanaTheme2) => ({
  view: css({
    ...{ display: 'flex', flexDirection: 'column', gap: theme.spacing(1), minWidth: 0, containerType: 'inline-size' },
  }),
  top: css({ display: 'flex', flexWrap: 'wrap', alignItems: 'flex-start', gap: theme.spacing(1) }),
  range: css({ color: theme.colors.text.secondary, whiteSpace: 'nowrap', lineHeight: theme.spacing(4) }),
  // In a line of its own, where the boxes have one.
  time: css({ [NARROW]: { flexBasis: '100%' } }),
  noTime: css({ [NARROW]: { display: 'none' } }),
  allTime: css({ [MEDIUM]: { display: 'none' } }),
  parts: css({
    ...{ display: 'grid', gap: theme.spacing(2), gridTemplateColumns: '256px minmax(0, 1fr)', alignItems: 'start' },
    [MEDIUM]: { gridTemplateColumns: 'minmax(0, 1fr)', gap: theme.spacing(1) },
  }),
  // A phone has no keys.
  keys: css({ height: theme.spacing(4), [NARROW]: { display: 'none' } }),
  list: css({ minWidth: 0 }),
  pages: css({ paddingTop: theme.spacing(1) }),
});
