import { css, cx } from '@emotion/css';
import { type DataFrame, dateTimeFormat, type GrafanaTheme2 } from '@grafana/data';
import { Badge, Icon, type IconName, Pagination, useStyles2 } from '@grafana/ui';
import React, { useState } from 'react';

import { Cell } from '../../components/Cell';
import { NARROW } from '../../components/narrow';
import { t } from '../../text';

import { attributesOf, fieldOf, formatOffset, nameOf, valueOf } from './questions';

/** How many events are shown at once, and which gap between two is told, in milliseconds. */
const ROWS = 100;
const GAP = 60_000;

interface Props {
  frame: DataFrame;
  /** The moment that a link led to, in milliseconds: what happened then is marked. */
  at?: number;
}

/** The events of a session in their order, each with time since its start; a click on one shows all that it says. */
export function Events({ frame, at }: Props) {
  const styles = useStyles2(getStyles);
  const marked = at === undefined ? -1 : (fieldOf(frame, 'time')?.values.indexOf(at) ?? -1);
  const [page, setPage] = useState(1 + Math.floor(Math.max(0, marked) / ROWS));
  const first = (page - 1) * ROWS;
  return (
    <>
      {frame.meta?.notices?.map(({ text }) => (
        <p key={text} className={styles.note}>
          {text}
        </p>
      ))}
      <ol className={styles.list} aria-label={t('user.events')}>
        {Array.from({ length: Math.min(ROWS, frame.length - first) }, (_, i) => (
          <Event key={first + i} frame={frame} row={first + i} marked={first + i === marked} />
        ))}
      </ol>
      {frame.length > ROWS && (
        <Pagination currentPage={page} numberOfPages={Math.ceil(frame.length / ROWS)} onNavigate={setPage} />
      )}
    </>
  );
}

interface EventProps {
  frame: DataFrame;
  row: number;
  marked: boolean;
}

function Event({ frame, row, marked }: EventProps) {
  const styles = useStyles2(getStyles);
  const text = (name: string) => valueOf<string>(frame, name, row);
  const offset = valueOf<number>(frame, 'offset', row) ?? 0;
  const before = row === 0 ? 0 : (valueOf<number>(frame, 'offset', row - 1) ?? 0);
  const type = text('type') ?? '';
  const frustrations = text('frustration')?.split(',') ?? [];
  const duration = fieldOf(frame, 'duration')!;
  return (
    <>
      {offset - before > GAP && (
        <li className={styles.gap}>{t('user.gap', { time: formatOffset(offset - before) })}</li>
      )}
      <li className={cx(marked && styles.marked)} aria-current={marked || undefined}>
        <details>
          <summary className={styles.event}>
            <span className={styles.offset}>{formatOffset(offset)}</span>
            <span className={styles.kind}>
              <Icon name={ICONS[type] ?? 'circle'} size="sm" /> {type}
            </span>
            <span className={styles.what}>
              <span className={styles.name}>{whatOf(type, text)}</span> <Badges type={type} names={frustrations} />{' '}
              {text('error_message') && <span className={styles.message}>{text('error_message')}</span>}
              {type !== 'view' && text('page') && (
                <span className={styles.page}>{t('user.on', { page: text('page')! })}</span>
              )}
            </span>
            {duration.values[row] !== null && (
              <span className={styles.offset}>
                <Cell field={duration} row={row} />
              </span>
            )}
          </summary>
          <Details frame={frame} row={row} />
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
      {type === 'error' && names.length === 0 && <Badge color="red" icon="bug" text={t('user.error')} />}
    </>
  );
}

const FIELDS = ['page', 'path', 'name', 'action_type', 'target', 'error_message', 'frustration'];

/** All that an event says. */
function Details({ frame, row }: { frame: DataFrame; row: number }) {
  const styles = useStyles2(getStyles);
  const time = valueOf<number>(frame, 'time', row)!;
  const told: Array<[string, string]> = FIELDS.flatMap((name) => {
    const value = valueOf<string>(frame, name, row);
    return value ? [[nameOf(fieldOf(frame, name)!), value]] : [];
  });
  const all: Array<[string, string]> = [
    [t('user.time'), dateTimeFormat(time, { format: 'YYYY-MM-DD HH:mm:ss.SSS Z' })],
    ...told,
    ...attributesOf(valueOf<string>(frame, 'attributes', row)),
  ];
  return (
    <dl className={styles.details}>
      {all.map(([name, value], i) => (
        <div key={i}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  note: css({ color: theme.colors.text.secondary, margin: theme.spacing(1, 0) }),
  list: css({ listStyle: 'none', margin: 0, borderLeft: `2px solid ${theme.colors.border.medium}` }),
  event: css({
    ...{ display: 'flex', alignItems: 'baseline', gap: theme.spacing(1), cursor: 'pointer' },
    padding: theme.spacing(0.5, 1),
    '&:hover': { background: theme.colors.action.hover },
  }),
  marked: css({ background: theme.colors.action.selected }),
  gap: css({
    ...{ color: theme.colors.text.secondary, fontStyle: 'italic' },
    ...{ padding: theme.spacing(0.5, 1, 0.5, 9), [NARROW]: { paddingLeft: theme.spacing(1) } },
  }),
  offset: css({
    ...{ color: theme.colors.text.secondary, fontVariantNumeric: 'tabular-nums', textAlign: 'right' },
    ...{ flex: `0 0 ${theme.spacing(7)}`, whiteSpace: 'nowrap', [NARROW]: { flexBasis: 'auto' } },
  }),
  kind: css({
    ...{ flex: `0 0 ${theme.spacing(9)}`, whiteSpace: 'nowrap', color: theme.colors.text.secondary },
    [NARROW]: { flexBasis: theme.spacing(7.5) },
  }),
  what: css({ flex: '1 1 0', minWidth: 0, overflowWrap: 'anywhere' }),
  name: css({ fontWeight: theme.typography.fontWeightMedium }),
  message: css({ display: 'block', color: theme.colors.error.text }),
  page: css({ display: 'inline-block', color: theme.colors.text.secondary }),
  details: css({
    ...{ margin: 0, padding: theme.spacing(0.5, 1, 1, 9), [NARROW]: { paddingLeft: theme.spacing(2) } },
    '> div': { display: 'flex', flexWrap: 'wrap', gap: theme.spacing(0, 1) },
    dt: { color: theme.colors.text.secondary, fontWeight: theme.typography.fontWeightRegular, minWidth: 140 },
    dd: { margin: 0, minWidth: 0, overflowWrap: 'anywhere' },
  }),
});
