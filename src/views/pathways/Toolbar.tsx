import { css } from '@emotion/css';
import { type GrafanaTheme2, type SelectableValue } from '@grafana/data';
import { AsyncMultiSelect, AsyncSelect, InlineField, RadioButtonGroup, useStyles2 } from '@grafana/ui';
import React, { useCallback } from 'react';

import { useValues } from '../../api/datasource';
import { Choice } from '../../components/Choice';
import { needsPage } from '../../query/queries';
import { type PathwayAnchor, type Segment } from '../../query/types.gen';
import { t } from '../../text';

import { MOST_STEPS, OWN, type PathwaysState, ROWS } from './state';

interface Props {
  datasource: string;
  state: PathwaysState;
  segments: Segment[];
  /** Whether a panel's query says with whom it compares. */
  hasOwn: boolean;
  onChange: (part: Partial<PathwaysState>) => void;
}

const ANCHORS: PathwayAnchor[] = ['start', 'after', 'before', 'end'];

/** Which paths, of what they are made, and how much of them is shown. */
export function Toolbar({ datasource, state, segments, hasOwn, onChange }: Props) {
  const styles = useStyles2(getStyles);
  const pages = usePages(datasource);
  const { anchor, page, unit, actions, steps, rows, groups, hide } = state;
  const rowCounts = [...new Set([...ROWS, rows])].sort((a, b) => a - b);
  const stepCounts = Array.from({ length: MOST_STEPS - 1 }, (_, i) => i + 2);
  return (
    <div className={styles.bar}>
      <InlineField label={t('pathways.from')} className={styles.field}>
        <Choice
          label={t('pathways.from')}
          width={20}
          options={ANCHORS.map((value) => ({ value, label: t(`pathways.anchor.${value}`) }))}
          value={anchor}
          onChange={(anchor) => onChange({ anchor, ...(!needsPage(anchor) && { page: '' }) })}
        />
      </InlineField>
      {needsPage(anchor) && (
        <AsyncSelect
          {...{ 'aria-label': t('pathways.page'), placeholder: t('pathways.choosePage'), width: 32 }}
          {...{ loadOptions: pages, defaultOptions: true, cacheOptions: true, allowCustomValue: true }}
          value={page ? { value: page, label: page } : null}
          onChange={(chosen) => onChange({ page: chosen?.value ?? '' })}
        />
      )}
      <RadioButtonGroup
        aria-label={t('pathways.nodes')}
        options={[
          { value: false, label: t('pathways.nodes.pages') },
          { value: true, label: t('pathways.nodes.actions') },
        ]}
        value={actions}
        onChange={(actions) => onChange({ actions })}
      />
      <RadioButtonGroup
        aria-label={t('pathways.unit')}
        options={(['session', 'user'] as const).map((value) => ({ value, label: t(`pathways.unit.${value}`) }))}
        value={unit}
        onChange={(unit) => onChange({ unit })}
      />
      <InlineField label={t('pathways.steps')} className={styles.field}>
        <Choice
          {...{ label: t('pathways.steps'), width: 10, options: stepCounts.map(asOption), value: steps }}
          onChange={(steps) => onChange({ steps })}
        />
      </InlineField>
      <InlineField label={t('pathways.rows')} className={styles.field}>
        <Choice
          {...{ label: t('pathways.rows'), width: 10, options: rowCounts.map(asOption), value: rows }}
          onChange={(rows) => onChange({ rows })}
        />
      </InlineField>
      {(segments.length > 0 || hasOwn) && (
        <InlineField label={t('pathways.compare')} className={styles.field}>
          <Choice
            label={t('pathways.compare')}
            width={24}
            options={[
              { value: '', label: t('pathways.compare.nobody') },
              ...(hasOwn ? [{ value: OWN, label: t('pathways.compare.own') }] : []),
              ...segments.map(({ id, name }) => ({ value: id, label: name })),
            ]}
            value={state.compare}
            onChange={(compare) => onChange({ compare })}
          />
        </InlineField>
      )}
      <Patterns
        {...{ name: t('pathways.merge'), hint: t('pathways.mergeHint'), pages, values: groups }}
        onChange={(groups) => onChange({ groups })}
      />
      <Patterns
        {...{ name: t('pathways.hide'), hint: t('pathways.hideHint'), pages, values: hide }}
        onChange={(hide) => onChange({ hide })}
      />
    </div>
  );
}

interface PatternsProps {
  name: string;
  hint: string;
  pages: (typed: string) => Promise<Array<SelectableValue<string>>>;
  values: string[];
  onChange: (values: string[]) => void;
}

/** Pages, or patterns of them that are typed. */
function Patterns({ name, hint, pages, values, onChange }: PatternsProps) {
  const styles = useStyles2(getStyles);
  return (
    <InlineField label={name} className={styles.patterns} grow>
      <AsyncMultiSelect
        {...{ 'aria-label': name, placeholder: hint, loadOptions: pages, defaultOptions: true }}
        {...{ cacheOptions: true, allowCustomValue: true }}
        value={values.map((value) => ({ value, label: value }))}
        onChange={(chosen) => onChange(chosen.flatMap(({ value }) => value ?? []))}
      />
    </InlineField>
  );
}

const asOption = (value: number) => ({ value, label: String(value) });

/** How many pages are offered. */
const OFFERED = 100;

function usePages(datasource: string): PatternsProps['pages'] {
  const load = useValues(datasource);
  return useCallback(
    async (typed) => (await load('page', typed, OFFERED)).map(({ value }) => ({ value, label: value })),
    [load]
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  bar: css({ display: 'flex', flexWrap: 'wrap', gap: theme.spacing(1), alignItems: 'center' }),
  field: css({ margin: 0 }),
  patterns: css({
    ...{ margin: 0, flex: '1 1 360px', minWidth: 0, maxWidth: 480 },
    '& > div': { minWidth: 0 },
  }),
});
