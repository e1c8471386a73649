import { css } from '@emotion/css';
import { type GrafanaTheme2 } from '@grafana/data';
import { Button, useStyles2 } from '@grafana/ui';
import React, { type ReactNode, useState } from 'react';

import {
  asHappening,
  type EventChoice,
  formatEvent,
  type Happening,
  NAMED_BY,
  parseEvent,
} from '../../conditions/event';
import { t } from '../../text';
import { Choice } from '../Choice';
import { FilterBox } from '../FilterBox';

import { useBuilder } from './builder';
import { Siblings } from './Siblings';
import { NameChoices } from './ValueChoice';

/** Pages and actions are offered together: which of them it is, people know less well than its name. */
const TOGETHER: Happening[] = ['viewed', 'did'];
const HAPPENINGS: Happening[] = ['viewed', 'did', 'error', 'frustration', 'any'];

interface Props {
  event: string;
  /** Which one of several, for people who do not see them. */
  label: string;
  onChange: (event: string) => void;
  /** What is said besides which one, and stays where it is when more is said below. */
  children?: ReactNode;
}

/** An event: what happened, which one, and where more is said. */
export function EventFields({ event, label, onChange, children }: Props) {
  const styles = useStyles2(getStyles);
  const { attributes, loadValues } = useBuilder();
  // What is typed as a further condition makes no other kind of it.
  const [kind, setKind] = useState<Happening>();
  const choice = parseEvent(event, kind);
  const [more, setMore] = useState(false);
  const say = (next: EventChoice) => {
    setKind(next.what);
    onChange(formatEvent(next));
  };
  const { what } = choice;
  const where = (
    <FilterBox
      label={t('builder.where', { label })}
      placeholder={t('builder.whereExample')}
      {...{ attributes, loadValues, value: choice.where }}
      onType={(text) => say({ ...choice, where: text })}
      onEnter={() => undefined}
    />
  );
  return (
    <>
      <Choice<Happening>
        label={t('builder.what', { label })}
        width={20}
        options={HAPPENINGS.map((value) => ({ value, label: t(`builder.happening.${value}`) }))}
        value={what}
        onChange={(what) => say(asHappening(choice, what))}
      />
      {what !== 'any' && (
        <div className={styles.names}>
          <NameChoices
            label={t('builder.which', { label })}
            attribute={NAMED_BY[what]}
            others={TOGETHER.includes(what) ? [NAMED_BY[what === 'did' ? 'viewed' : 'did']] : []}
            placeholder={t(`builder.example.${what}`)}
            names={choice.names}
            onChange={(names, of) => say({ ...choice, what: whatOf(of), names })}
          />
        </div>
      )}
      {what === 'any' && <div className={styles.beside}>{where}</div>}
      {children}
      {what === 'any' ? null : choice.where || more ? (
        <div className={styles.below}>{where}</div>
      ) : (
        choice.names.length > 0 && (
          <Button variant="secondary" fill="text" size="sm" onClick={() => setMore(true)}>
            {t('builder.addWhere')}
          </Button>
        )
      )}
      {what === 'did' && (
        <Siblings names={choice.names} onAdd={(name) => say({ ...choice, names: [...choice.names, name] })} />
      )}
    </>
  );
}

const whatOf = (attribute: string) => HAPPENINGS.find((what) => what !== 'any' && NAMED_BY[what] === attribute)!;

const getStyles = (theme: GrafanaTheme2) => ({
  // As wide as what is chosen, from the width of one to that of the line.
  names: css({ minWidth: `min(100%, ${theme.spacing(32)})`, maxWidth: '100%' }),
  beside: css({ flexGrow: 1, minWidth: 260 }),
  below: css({ flexBasis: '100%', maxWidth: 720 }),
});
