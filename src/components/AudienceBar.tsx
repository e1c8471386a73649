import { css, cx } from '@emotion/css';
import { type GrafanaTheme2 } from '@grafana/data';
import { Button, FieldValidationMessage, useStyles2 } from '@grafana/ui';
import React, { type ReactNode, useRef, useState } from 'react';

import { useValues } from '../api/datasource';
import { type Audience, EVERYBODY, isEverybody } from '../audience/audience';
import { joinTerms, splitTerms, termAt } from '../audience/terms';
import { problemAt, withoutPlace } from '../audience/problem';
import { applicationsText, termText } from '../audience/termText';
import { definitionText } from '../conditions/sentence';
import { type Attribute, type Segment } from '../query/types.gen';
import { t } from '../text';

import { Chip } from './Chip';
import { Choices } from './Choice';
import { FilterBox } from './FilterBox';
import { NARROW } from './narrow';

interface Props {
  datasource: string;
  attributes: Attribute[];
  segments: Segment[];
  /** All segments are given, to be chosen in a menu; else those that are chosen are chips. */
  choosesSegments?: boolean;
  /** Those of the store; where there is one, there is nothing to choose. */
  applications: string[];
  audience: Audience;
  /** What a dashboard narrows beside it, and no one can take away here. */
  around?: string;
  /** What is wrong with the filter: "at 12: unknown attribute". */
  problem?: string;
  onChange: (audience: Audience) => void;
  /** Adds in another way than by typing. */
  add: ReactNode;
  onEditConditions: () => void;
}

/**
 * All that narrows: a box that adds conditions or changes one, and a chip for each segment and condition, in a line of its own
 * below all that stands beside the bar.
 */
export function AudienceBar({
  datasource,
  attributes,
  segments,
  choosesSegments,
  applications,
  audience,
  around,
  problem,
  onChange,
  add: otherWay,
  onEditConditions,
}: Props) {
  const styles = useStyles2(getStyles);
  const [text, setText] = useState('');
  const loadValues = useValues(datasource);
  const input = useRef<HTMLInputElement>(null);
  const terms = splitTerms(audience.filter);
  const wrong = problem === undefined ? -1 : termAt(audience.filter, terms, problemAt(problem) ?? 0);
  const without = (i: number) => joinTerms(terms.filter((_, other) => other !== i));
  const add = () => {
    if (text.trim()) {
      onChange({ ...audience, filter: joinTerms([...terms, text.trim()]) });
      setText('');
    }
  };
  const edit = (i: number) => {
    setText(joinTerms([text, terms[i]]));
    onChange({ ...audience, filter: without(i) });
    input.current?.focus();
  };
  const several = applications.length > 1;
  const inMenu = choosesSegments && segments.length > 0;
  const { definition } = audience;
  const said = definition ? definitionText(definition, { attributes, segments }) : '';
  const nameOf = (id: string) => segments.find((segment) => segment.id === id)?.name ?? id;
  return (
    <div className={styles.bar} role="group" aria-label={t('audience.bar')}>
      {several && (
        <div className={styles.applications}>
          <Choices
            label={t('audience.applications')}
            placeholder={t('audience.allApplications')}
            options={[...new Set([...applications, ...audience.applications])].map((id) => ({
              value: id,
              label: id,
            }))}
            values={audience.applications}
            onChange={(applications) => onChange({ ...audience, applications })}
          />
        </div>
      )}
      {inMenu && (
        <div className={styles.segments}>
          <Choices
            label={t('audience.segments')}
            placeholder={t('audience.anySegment')}
            options={[...new Set([...segments.map(({ id }) => id), ...audience.segments])].map((id) => ({
              value: id,
              label: nameOf(id),
            }))}
            values={audience.segments}
            onChange={(segments) => onChange({ ...audience, segments })}
          />
        </div>
      )}
      {otherWay}
      <div className={styles.filter}>
        <FilterBox
          label={t('users.filter')}
          placeholder={t('audience.typeOne')}
          {...{ attributes, loadValues, value: text, onType: setText, onEnter: add, inputRef: input }}
        />
      </div>
      <ul className={cx(styles.chips, isEverybody({ ...audience, search: '' }) && !around && styles.none)}>
        {around && <Chip text={t('audience.around')} hint={around} />}
        {!inMenu &&
          audience.segments.map((id) => (
            <Chip
              key={id}
              text={t('audience.segment', { name: nameOf(id) })}
              onRemove={() => onChange({ ...audience, segments: audience.segments.filter((other) => other !== id) })}
            />
          ))}
        {!several && audience.applications.length > 0 && (
          <Chip
            text={applicationsText(audience.applications)}
            onRemove={() => onChange({ ...audience, applications: [] })}
          />
        )}
        {definition && (
          <Chip
            text={said}
            name={t('audience.conditions')}
            hint={t('audience.editConditions', { who: said })}
            onEdit={onEditConditions}
            onRemove={() => onChange({ ...audience, definition: undefined })}
          />
        )}
        {terms.map((term, i) => (
          <Chip
            key={`${i} ${term}`}
            text={termText(term, attributes)}
            wrong={i === wrong}
            onEdit={() => edit(i)}
            onRemove={() => onChange({ ...audience, filter: without(i) })}
          />
        ))}
        {!isEverybody(audience) && (
          <li>
            <Button variant="secondary" fill="text" size="sm" onClick={() => onChange(EVERYBODY)}>
              {t('common.clear')}
            </Button>
          </li>
        )}
      </ul>
      {problem && (
        <div className={styles.problem}>
          <FieldValidationMessage>{wrong < 0 ? problem : withoutPlace(problem)}</FieldValidationMessage>
        </div>
      )}
    </div>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  bar: css({ display: 'contents' }),
  applications: css({ flex: '1 0 160px', maxWidth: 240 }),
  segments: css({ flex: '1 0 200px', maxWidth: 320 }),
  filter: css({ flex: '3 1 180px', minWidth: 0 }),
  chips: css({
    ...{ display: 'flex', flexWrap: 'wrap', gap: theme.spacing(1), alignItems: 'center', listStyle: 'none' },
    ...{ order: 1, flexBasis: '100%', minWidth: 0 },
    // Clear stays beside a chip that is cut.
    '& > li': { maxWidth: `calc(100% - ${theme.spacing(9)})`, [NARROW]: { maxWidth: '100%' } },
  }),
  problem: css({ order: 1, flexBasis: '100%' }),
  none: css({ display: 'none' }),
});
