import { css, cx } from '@emotion/css';
import { type GrafanaTheme2 } from '@grafana/data';
import { Alert, Button, useStyles2 } from '@grafana/ui';
import React, { type KeyboardEvent, useEffect, useRef } from 'react';

import { type Kind, kindOf, KINDS, withKind } from '../../conditions/kinds';
import { type Missing, missingOf, missingText } from '../../conditions/missing';
import { namesIn, type Row } from '../../conditions/tree';
import { rowWords, textOf } from '../../conditions/words';
import { t } from '../../text';
import { Choice } from '../Choice';
import { SLIM } from '../narrow';
import { Stack } from '../Stack';

import { useBuilder } from './builder';
import { DidFields } from './DidFields';
import { missingField } from './missingField';
import { NameFields } from './NameFields';
import { NodeCount } from './NodeCount';
import { NodeMenu } from './NodeMenu';
import { SequenceFields, ThroughFields } from './SequenceFields';
import { UsersFields } from './UsersFields';

/** In milliseconds. */
const AFTER_MENUS = 50;

interface Props {
  row: Row;
}

/** A condition: a sentence, and its fields while it is open. */
export function RowNode({ row }: Props) {
  const styles = useStyles2(getStyles);
  const builder = useBuilder();
  const { open, setOpen, problems } = builder;
  const isOpen = open === row.id;
  const sentence = useRef<HTMLButtonElement>(null);
  const fields = useRef<HTMLDivElement>(null);
  const missing = missingOf(row);
  const wanted = missing && missingField(row, missing);
  useEffect(() => {
    if (!isOpen) {
      return;
    }
    // A menu that was open gives the focus back to its button first. Who is in the fields already stays there, unless
    // what they chose leads to the next field, and they have not gone on meanwhile.
    const before = document.activeElement;
    const timer = setTimeout(() => {
      const now = document.activeElement;
      const isInside = Boolean(fields.current?.contains(now));
      if (isInside && now !== before) {
        return;
      }
      const inputs = [...(fields.current?.querySelectorAll('input') ?? [])];
      const next = inputs.find((input) => input.getAttribute('aria-label') === wanted);
      if (next || !isInside) {
        (next ?? inputs[0])?.focus();
      }
    }, AFTER_MENUS);
    return () => clearTimeout(timer);
  }, [isOpen, wanted, missing?.what]);

  const words = rowWords(row, builder);
  const problem = problems.get(row.id);
  const named = namesIn(row);
  const unknown = builder.unknown.filter((one) =>
    named.some(({ attribute, value }) => attribute === one.attribute && value === one.value)
  );
  const close = () => {
    setOpen(undefined);
    sentence.current?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    // A menu that is open closes first.
    const ofMenu =
      (event.target as HTMLElement).getAttribute('aria-expanded') === 'true' && event.target !== sentence.current;
    if (event.key === 'Escape' && isOpen && !ofMenu) {
      event.stopPropagation();
      close();
    }
  };
  return (
    <div className={cx(styles.row, isOpen && styles.open)} onKeyDown={onKeyDown} data-testid="condition">
      <div className={styles.line}>
        <button
          type="button"
          ref={sentence}
          className={styles.sentence}
          aria-expanded={isOpen}
          onClick={() => setOpen(isOpen ? undefined : row.id)}
        >
          {words.map(({ text, value }, i) => (
            <React.Fragment key={i}>
              <span className={cx(value && styles.value)}>{text}</span>{' '}
            </React.Fragment>
          ))}
          {missing && <span className={styles.unfinished}>{unfinishedText(missing)}</span>}
          {unknown.length > 0 && (
            <span className={styles.unfinished}>
              {t('builder.unknown', { names: unknown.map(({ value }) => value).join(', ') })}
            </span>
          )}
        </button>
        <NodeCount id={row.id} />
        <NodeMenu node={row} name={textOf(words)} />
      </div>
      {isOpen && (
        <div
          ref={fields}
          className={styles.fields}
          role="group"
          aria-label={t('builder.fieldsOf', { name: textOf(words) })}
        >
          <Stack spread style={{ alignItems: 'flex-start' }}>
            <Stack wrap direction={row.kind === 'sequence' || row.kind === 'through' ? 'column' : 'row'}>
              <Choice<Kind>
                label={t('builder.kind')}
                width={24}
                options={KINDS.map((value) => ({ value, label: t(`builder.kind.${value}`) }))}
                value={kindOf(row)}
                onChange={(kind) => builder.edit({ do: 'change', row: withKind(row, kind) })}
              />
              <Fields row={row} />
            </Stack>
            <Button variant="secondary" size="sm" onClick={close}>
              {t('builder.done')}
            </Button>
          </Stack>
        </div>
      )}
      {problem && <Alert severity="error" title={problem} />}
    </div>
  );
}

function unfinishedText(missing: Missing) {
  const what = t(missingText(missing));
  return missing.step ? t('builder.unfinishedStep', { what, step: missing.step }) : t('builder.unfinished', { what });
}

function Fields({ row }: Props) {
  switch (row.kind) {
    case 'users':
      return <UsersFields row={row} />;
    case 'did':
      return <DidFields row={row} />;
    case 'sequence':
      return <SequenceFields row={row} />;
    case 'through':
      return <ThroughFields row={row} />;
    case 'segment':
    case 'table':
      return <NameFields row={row} />;
  }
}

const getStyles = (theme: GrafanaTheme2) => ({
  row: css({
    ...{ borderRadius: theme.shape.radius.default, border: `1px solid ${theme.colors.border.weak}` },
    background: theme.colors.background.primary,
  }),
  open: css({ borderColor: theme.colors.border.strong }),
  line: css({
    ...{ display: 'flex', alignItems: 'center', gap: theme.spacing(0, 1), paddingRight: theme.spacing(1) },
    // The sentence takes what there is, and the count a line of its own.
    [SLIM]: {
      flexWrap: 'wrap',
      '& > [data-count]': { order: 1, flexBasis: '100%', padding: theme.spacing(0, 1, 0.75) },
    },
  }),
  sentence: css({
    ...{
      flex: '1 1 0',
      minWidth: 0,
      border: 0,
      background: 'none',
      textAlign: 'left',
      color: theme.colors.text.primary,
    },
    ...{ padding: theme.spacing(0.75, 1), overflowWrap: 'anywhere' },
    '&:hover': { background: theme.colors.action.hover },
  }),
  value: css({
    ...{ fontWeight: theme.typography.fontWeightMedium, textDecoration: 'underline' },
    ...{ textDecorationColor: theme.colors.border.strong, textUnderlineOffset: 3 },
  }),
  unfinished: css({ color: theme.colors.warning.text, marginLeft: theme.spacing(1) }),
  fields: css({ padding: theme.spacing(1), borderTop: `1px solid ${theme.colors.border.weak}` }),
});
