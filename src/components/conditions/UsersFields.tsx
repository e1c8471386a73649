import { Input } from '@grafana/ui';
import React from 'react';

import { formatBegun, formatClause, parseBegun, parseClause } from '../../audience/clause';
import { type UsersRow } from '../../conditions/tree';
import { operatorText } from '../../conditions/words';
import { arity, attributeNamed, changeAttribute, changeOperator, ofLevel, operatorsFor } from '../../query/attributes';
import { type Condition, type FilterOperator } from '../../query/types.gen';
import { t } from '../../text';
import { Choice } from '../Choice';
import { FilterBox } from '../FilterBox';
import { Stack } from '../Stack';

import { useBuilder } from './builder';
import { ValueChoices } from './ValueChoice';

const NOTHING: Condition = { attribute: '', operator: '=' };

/** A condition that can be chosen by its parts, whether it has a value already or not. */
const readClause = (filter: string) => parseBegun(filter) ?? parseClause(filter);

/** What is known of a user: an attribute, how it compares, and with what; or a filter that says more. */
export function UsersFields({ row }: { row: UsersRow }) {
  const { edit } = useBuilder();
  const change = (filter: string) => edit({ do: 'change', row: { ...row, filter } });
  const isText = row.filter.trim() !== '' && !readClause(row.filter);
  return isText ? (
    <TextFields {...{ filter: row.filter, change }} />
  ) : (
    <ClauseFields {...{ filter: row.filter, change }} />
  );
}

interface Props {
  filter: string;
  change: (filter: string) => void;
}

function ClauseFields({ filter, change }: Props) {
  const { attributes, zone } = useBuilder();
  const clause = readClause(filter) ?? NOTHING;
  const ofUsers = ofLevel(attributes, 'profile');
  const attribute = attributeNamed(clause.attribute, ofUsers);
  const say = (next: Condition) => change(formatClause(next) || formatBegun(next));
  return (
    <>
      <Choice
        label={t('builder.attribute')}
        placeholder={t('builder.chooseAttribute')}
        openMenuOnFocus
        width={28}
        options={ofUsers.map(({ id, name }) => ({ value: id, label: name, description: helpOf(id) }))}
        value={attribute?.id ?? (clause.attribute || null)}
        onChange={(id) => say(changeAttribute({ ...NOTHING, operator: clause.operator }, id, ofUsers))}
      />
      {clause.attribute && (
        <>
          <Choice<FilterOperator>
            label={t('builder.operator')}
            width={18}
            options={operatorsFor(attribute).map((value) => ({ value, label: operatorText(value, attribute) }))}
            value={clause.operator}
            onChange={(operator) => say(changeOperator(clause, operator))}
          />
          <Values {...{ clause, say }} />
        </>
      )}
      {attribute?.type === 'time' && arity(clause.operator) === 'one' && <span>{t('builder.zone.in', { zone })}</span>}
    </>
  );
}

/** First and last values are those of a session. */
function helpOf(id: string): string {
  const [, when] = /^(first|last)_(?!seen)/.exec(id) ?? [];
  return when ? t(`builder.attribute.${when as 'first' | 'last'}`, { id }) : id;
}

function Values({ clause, say }: { clause: Condition; say: (clause: Condition) => void }) {
  const values = clause.values ?? [];
  switch (arity(clause.operator)) {
    case 'none':
      return null;
    case 'many':
      return (
        <ValueChoices
          {...{ label: t('builder.values'), attribute: clause.attribute, values }}
          onChange={(values) => say({ ...clause, values })}
        />
      );
    case 'one':
      return (
        <Input
          key={`${clause.attribute} ${clause.operator}`}
          aria-label={t('builder.value')}
          placeholder={t('builder.valueExample')}
          width={24}
          defaultValue={values[0]}
          onChange={({ currentTarget: { value } }) => say({ ...clause, values: [value] })}
        />
      );
  }
}

function TextFields({ filter, change }: Props) {
  const { attributes, loadValues } = useBuilder();
  return (
    <Stack direction="column" style={{ flexGrow: 1 }}>
      <FilterBox
        {...{ label: t('builder.filter'), attributes, loadValues, value: filter, onType: change }}
        onEnter={() => undefined}
      />
    </Stack>
  );
}
