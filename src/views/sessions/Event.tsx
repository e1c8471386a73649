import { css, cx } from '@emotion/css';
import { type DataFrame, type GrafanaTheme2 } from '@grafana/data';
import { Badge, Icon, type IconName, useStyles2 } from '@grafana/ui';
import React, { useEffect, useRef, useState } from 'react';

import { fieldOf, valueOf } from '../../api/frames';
import { Cell } from '../../components/Cell';
import { NARROW } from '../../components/narrow';
import { t } from '../../text';

import { EventDetails } from './EventDetails';
import { type Entry, formatOffset } from './entries';
import { type HrefOfTrace } from './traces';

interface Props {
  frame: DataFrame;
  entry: Entry;
  /** A link led to it. */
  marked: boolean;
  /** Leads to a moment, in milliseconds. */
  hrefOf?: (at: number) => string;
  hrefOfTrace?: HrefOfTrace;
}

/** An event in one line: when, of which kind, what; a click on it shows all that it says. */
export function Event({ frame, entry: { row, inside, pause }, marked, ...links }: Props) {
  const styles = useStyles2(getStyles);
  const ref = useRef<HTMLLIElement>(null);
  const [open, setOpen] = useState(false);
  useEffect(() => {
    if (marked) {
      ref.current?.scrollIntoView({ block: 'center' });
    }
  }, [marked]);
  const text = (name: string) => valueOf<string>(frame, name, row);
  const type = text('type') ?? '';
  const frustrations = text('frustration')?.split(',') ?? [];
  const duration = fieldOf(frame, 'duration')!;
  return (
    <>
      {pause !== undefined && <li className={styles.pause}>{t('sessions.pause', { time: formatOffset(pause) })}</li>}
      <li ref={ref} className={cx(marked && styles.marked)} aria-current={marked || undefined}>
        <details onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
          <summary className={styles.event}>
            <span className={styles.offset}>{formatOffset(valueOf<number>(frame, 'offset', row) ?? 0)}</span>
            <span className={cx(styles.kind, inside && styles.inside)}>
              <Icon name={ICONS[type] ?? 'circle'} size="sm" /> {type}
            </span>
            <span className={styles.what}>
              <span className={styles.name}>{whatOf(type, text)}</span> <Badges type={type} names={frustrations} />{' '}
              {text('error_message') && <span className={styles.message}>{text('error_message')}</span>}
              {!inside && type !== 'view' && text('page') && (
                <span className={styles.page}>{t('sessions.on', { page: text('page')! })}</span>
              )}
            </span>
            {duration.values[row] !== null && (
              <span className={styles.offset} title={t('sessions.lasted')}>
                <Cell field={duration} row={row} />
              </span>
            )}
          </summary>
          {open && <EventDetails {...{ frame, row, ...links }} />}
        </details>
      </li>
    </>
  );
}

const ICONS: Record<string, IconName> = { view: 'eye', action: 'bolt', error: 'bug', custom: 'cube' };

/** What tells an event from others of its kind. */
function whatOf(type: string, text: (name: string) => string | undefined): string {
  const [page, name, target] = ['page', 'name', 'target'].map(text);
  return (type === 'view' ? page : undefined) ?? name ?? target ?? text('path') ?? t('common.missing');
}

function Badges({ type, names }: { type: string; names: string[] }) {
  return (
    <>
      {names.map((name) => (
        <Badge key={name} color="orange" icon="exclamation-triangle" text={name.replace('_', ' ')} />
      ))}
      {type === 'error' && names.length === 0 && <Badge color="red" icon="bug" text={t('sessions.error')} />}
    </>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  event: css({
    ...{ display: 'flex', alignItems: 'baseline', gap: theme.spacing(1), cursor: 'pointer' },
    padding: theme.spacing(0.5, 1),
    '&:hover': { background: theme.colors.action.hover },
  }),
  marked: css({ background: theme.colors.action.selected }),
  pause: css({
    ...{ color: theme.colors.text.secondary, fontStyle: 'italic' },
    ...{ padding: theme.spacing(0.5, 1, 0.5, 9), [NARROW]: { paddingLeft: theme.spacing(1) } },
  }),
  offset: css({
    ...{ color: theme.colors.text.secondary, fontVariantNumeric: 'tabular-nums', textAlign: 'right' },
    ...{ flex: `0 0 ${theme.spacing(7)}`, whiteSpace: 'nowrap', [NARROW]: { flexBasis: 'auto' } },
  }),
  kind: css({
    ...{ flex: `0 0 ${theme.spacing(11)}`, whiteSpace: 'nowrap', color: theme.colors.text.secondary },
    [NARROW]: { flexBasis: theme.spacing(9) },
  }),
  inside: css({ paddingLeft: theme.spacing(2), [NARROW]: { paddingLeft: theme.spacing(1) } }),
  what: css({ flex: '1 1 0', minWidth: 0, overflowWrap: 'anywhere' }),
  name: css({ fontWeight: theme.typography.fontWeightMedium }),
  message: css({ display: 'block', color: theme.colors.error.text }),
  page: css({ display: 'inline-block', color: theme.colors.text.secondary }),
});
