import { css, cx } from '@emotion/css';
import { type DataFrame, dateTimeFormat, type GrafanaTheme2 } from '@grafana/data';
import { Badge, Icon, type IconName, useStyles2 } from '@grafana/ui';
import React, { type ComponentProps, type ReactNode } from 'react';

import { Cell } from '../../components/Cell';
import { Missing } from '../../components/Missing';
import { NARROW } from '../../components/narrow';
import { formatAgo, formatCount, formatMoment } from '../../components/numbers';
import { t } from '../../text';

import { fieldOf, valueOf } from './questions';
import { Values } from './Values';

interface Props {
  label: string;
  frame: DataFrame;
  /** When the session starts whose events are shown, in milliseconds. */
  open?: number;
  onOpen?: (start: number | undefined) => void;
  /** What is shown below the open one. */
  children?: ReactNode;
  /** Where they are not of one user: the page of a user with the session that starts then, which is opened there. */
  hrefOf?: (user: string, start: number) => string;
}

/** Sessions, one row each; one of them can be open. Where there is no room for a table it is a list of cards. */
export function Sessions({ label, frame, open, onOpen, hrefOf, children }: Props) {
  const styles = useStyles2(getStyles);
  const applications = new Set(fieldOf(frame, 'application')?.values).size;
  const columns = [...(hrefOf ? [USER] : []), ...COLUMNS.filter(({ id }) => id !== 'application' || applications > 1)];
  return (
    <table className={styles.table} aria-label={label}>
      <thead>
        <tr>
          <th scope="col">{t('user.start')}</th>
          {columns.map(({ id, name, number }) => (
            <th key={id} scope="col" className={cx(number && styles.number)}>
              {name}
            </th>
          ))}
        </tr>
      </thead>
      {Array.from({ length: frame.length }, (_, row) => {
        const start = valueOf<number>(frame, 'session_start', row)!;
        const isOpen = start === open;
        return (
          // Two sessions may start in one moment.
          <tbody key={`${start} ${row}`}>
            <tr>
              <th scope="row">
                {hrefOf ? (
                  <SessionLink {...{ start, hrefOf }} user={valueOf<string>(frame, 'user_id', row)} />
                ) : (
                  <button
                    type="button"
                    className={styles.opener}
                    aria-expanded={isOpen}
                    title={formatMoment(start)}
                    onClick={() => onOpen?.(isOpen ? undefined : start)}
                  >
                    <Icon name={isOpen ? 'angle-down' : 'angle-right'} />
                    <Start at={start} />
                  </button>
                )}
              </th>
              {columns.map(({ id, name, number, show }) => (
                <td key={id} data-name={name} className={cx(number && styles.number)}>
                  {show(frame, row)}
                </td>
              ))}
            </tr>
            {isOpen && (
              <tr>
                <td colSpan={columns.length + 1} className={styles.open}>
                  {children}
                </td>
              </tr>
            )}
          </tbody>
        );
      })}
    </table>
  );
}

function Start({ at }: { at: number }) {
  const styles = useStyles2(getStyles);
  return (
    <span>
      <span className={styles.moment}>{dateTimeFormat(at, { format: 'YYYY-MM-DD HH:mm:ss' })}</span>{' '}
      <span className={styles.ago}>{formatAgo(at)}</span>
    </span>
  );
}

/** Leads to the session on the page of its user, if it has one. */
function SessionLink({ user, start, hrefOf }: { user?: string; start: number; hrefOf: NonNullable<Props['hrefOf']> }) {
  const styles = useStyles2(getStyles);
  return user ? (
    <a href={hrefOf(user, start)} className={styles.link} title={formatMoment(start)}>
      <Start at={start} />
    </a>
  ) : (
    <Start at={start} />
  );
}

interface Column {
  id: string;
  name: string;
  number?: boolean;
  show: (frame: DataFrame, row: number) => ReactNode;
}

function ofField(id: string): Column['show'] {
  return function Shown(frame, row) {
    return <Cell field={fieldOf(frame, id)!} row={row} />;
  };
}

/** Names say more than ids, where there are any. */
const USER: Column = {
  id: 'user',
  name: t('user.title'),
  show: (frame, row) =>
    valueOf<string>(frame, 'user_name', row) ?? valueOf<string>(frame, 'user_id', row) ?? <Missing />,
};

const COLUMNS: Column[] = [
  { id: 'duration', name: t('user.duration'), number: true, show: ofField('duration') },
  {
    id: 'device',
    name: t('user.device'),
    show: (frame, row) => <Values frame={frame} row={row} names={['device_type', 'os_name', 'browser_name']} />,
  },
  {
    id: 'place',
    name: t('user.place'),
    show: (frame, row) => <Values frame={frame} row={row} names={['city', 'country']} separator=", " />,
  },
  { id: 'application', name: t('user.application'), show: ofField('application') },
  { id: 'exit_page', name: t('user.leftAt'), show: ofField('exit_page') },
  { id: 'views', name: t('user.views'), number: true, show: ofField('views') },
  { id: 'actions', name: t('user.actions'), number: true, show: ofField('actions') },
  { id: 'trouble', name: t('user.trouble'), show: (frame, row) => <Trouble frame={frame} row={row} /> },
];

/** Errors and frustrations of a session, where it has some. */
function Trouble({ frame, row }: { frame: DataFrame; row: number }) {
  const styles = useStyles2(getStyles);
  const errors = valueOf<number>(frame, 'errors', row) ?? 0;
  const frustrations = valueOf<number>(frame, 'frustrations', row) ?? 0;
  if (errors + frustrations === 0) {
    return <Missing />;
  }
  return (
    <span className={styles.badges}>
      {errors > 0 && <Counted one="user.oneError" many="user.someErrors" n={errors} color="red" icon="bug" />}
      {frustrations > 0 && (
        <Counted
          {...{ one: 'user.oneFrustration', many: 'user.someFrustrations', n: frustrations }}
          color="orange"
          icon="exclamation-triangle"
        />
      )}
    </span>
  );
}

interface CountedProps {
  one: 'user.oneError' | 'user.oneFrustration';
  many: 'user.someErrors' | 'user.someFrustrations';
  n: number;
  color: ComponentProps<typeof Badge>['color'];
  icon: IconName;
}

function Counted({ one, many, n, color, icon }: CountedProps) {
  return <Badge color={color} icon={icon} text={n === 1 ? t(one) : t(many, { count: formatCount(n) })} />;
}

const getStyles = (theme: GrafanaTheme2) => {
  const line = `1px solid ${theme.colors.border.weak}`;
  return {
    table: css({
      ...{ width: '100%', borderCollapse: 'separate', borderSpacing: 0 },
      'th, td': {
        ...{ padding: theme.spacing(0.75, 1), borderBottom: line, textAlign: 'left' },
        fontWeight: theme.typography.fontWeightRegular,
      },
      'thead th': { color: theme.colors.text.secondary, fontWeight: theme.typography.fontWeightMedium },
      'tbody:last-child tr:last-child > *': { borderBottom: 'none' },
      [NARROW]: {
        thead: { position: 'absolute', width: 1, height: 1, overflow: 'hidden', clipPath: 'inset(50%)' },
        'tbody, tbody th, td': { display: 'block' },
        tr: { display: 'flex', flexWrap: 'wrap', columnGap: theme.spacing(2) },
        'tbody th': { flexBasis: '100%' },
        tbody: { borderBottom: line, padding: theme.spacing(1, 0) },
        'tbody:last-child': { borderBottom: 'none' },
        'th, td': { borderBottom: 'none', padding: theme.spacing(0.25, 0) },
        'td:has(> [data-missing])': { display: 'none' },
        'td[data-name]::before': { content: 'attr(data-name) ": "', color: theme.colors.text.secondary },
      },
    }),
    number: css({
      ...{ fontVariantNumeric: 'tabular-nums', whiteSpace: 'nowrap' },
      '&&': { textAlign: 'right', [NARROW]: { textAlign: 'left' } },
    }),
    opener: css({
      ...{ display: 'inline-flex', alignItems: 'baseline', gap: theme.spacing(0.5) },
      ...{ background: 'none', border: 0, padding: 0, textAlign: 'left', fontVariantNumeric: 'tabular-nums' },
      '&:hover': { textDecoration: 'underline' },
    }),
    link: css({ color: theme.colors.text.link, fontVariantNumeric: 'tabular-nums' }),
    moment: css({ whiteSpace: 'nowrap' }),
    ago: css({
      whiteSpace: 'nowrap',
      color: theme.colors.text.secondary,
      fontSize: theme.typography.bodySmall.fontSize,
    }),
    badges: css({ display: 'inline-flex', flexWrap: 'wrap', gap: theme.spacing(0.5) }),
    open: css({
      '&&': { padding: theme.spacing(0, 0, 2, 3), [NARROW]: { flexBasis: '100%', padding: theme.spacing(1, 0) } },
    }),
  };
};
