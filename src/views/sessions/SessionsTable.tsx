import { css, cx } from '@emotion/css';
import { type DataFrame, dateTimeFormat, type GrafanaTheme2 } from '@grafana/data';
import { Badge, Icon, type IconName, useStyles2 } from '@grafana/ui';
import React, { type ComponentProps, createContext, type ReactNode, useContext } from 'react';

import { fieldOf, valueOf } from '../../api/frames';
import { Cell } from '../../components/Cell';
import { Missing } from '../../components/Missing';
import { MEDIUM, NARROW } from '../../components/narrow';
import { formatAgo, formatCount, formatMoment } from '../../components/numbers';
import { Values } from '../../components/Values';
import { t } from '../../text';

import { Course } from './Course';
import { type HrefOfSession, type HrefOfTrouble, keyOf, type SessionKey } from './questions';

interface Props {
  label: string;
  frame: DataFrame;
  isOpen: (session: SessionKey) => boolean;
  onOpen: (session: SessionKey | undefined) => void;
  /** What is shown below the open one. */
  children?: ReactNode;
  /** Where they are not of one user: the page of a user, with the session. */
  hrefOf?: HrefOfSession;
  hrefOfTrouble: HrefOfTrouble;
}

// Grafana 10's useStyles2 has no arguments of styles, hence a function for each place where there is no room for the table, so
// that it is a list of cards.
const stylesOfOne = (theme: GrafanaTheme2) => getStyles(theme, NARROW);
const stylesOfAll = (theme: GrafanaTheme2) => getStyles(theme, MEDIUM);

const TableStyles = createContext(stylesOfOne);

const useTableStyles = () => useStyles2(useContext(TableStyles));

/** Sessions, each with how it went; one of them can be open. Those of many users have more columns than those of one. */
export function SessionsTable(props: Props) {
  return (
    <TableStyles.Provider value={props.hrefOf ? stylesOfAll : stylesOfOne}>
      <Table {...props} />
    </TableStyles.Provider>
  );
}

function Table({ label, frame, isOpen, onOpen, children, hrefOf, hrefOfTrouble }: Props) {
  const styles = useTableStyles();
  const applications = new Set(fieldOf(frame, 'application')?.values).size;
  const columns = COLUMNS.filter(({ id }) => id !== 'application' || applications > 1);
  const width = columns.length + (hrefOf ? 2 : 1);
  return (
    <table className={styles.table} aria-label={label}>
      <thead>
        <tr>
          <th scope="col">{t('sessions.start')}</th>
          {hrefOf && <th scope="col">{t('user.title')}</th>}
          {columns.map(({ id, name, number }) => (
            <th key={id} scope="col" className={cx(number && styles.number)}>
              {name}
            </th>
          ))}
        </tr>
      </thead>
      {Array.from({ length: frame.length }, (_, row) => {
        const key = keyOf(frame, row);
        const open = isOpen(key);
        return (
          // Two sessions may start in one moment.
          <tbody key={`${key.start} ${row}`}>
            <tr>
              <th scope="row">
                {key.user === undefined && key.id === undefined ? (
                  <Start at={key.start} />
                ) : (
                  <button
                    type="button"
                    className={styles.opener}
                    aria-expanded={open}
                    title={formatMoment(key.start)}
                    onClick={() => onOpen(open ? undefined : key)}
                  >
                    <Icon name={open ? 'angle-down' : 'angle-right'} />
                    <Start at={key.start} />
                  </button>
                )}
              </th>
              {hrefOf && (
                <td data-name={t('user.title')}>
                  <User {...key} name={valueOf<string>(frame, 'user_name', row)} hrefOf={hrefOf} />
                </td>
              )}
              {columns.map(({ id, name, number, show }) => (
                <td key={id} data-name={name} className={cx(number && styles.number)}>
                  {show(frame, row, hrefOfTrouble)}
                </td>
              ))}
            </tr>
            <tr>
              <td colSpan={width} className={styles.course}>
                <Course
                  course={valueOf<string>(frame, 'course', row)}
                  duration={valueOf<number>(frame, 'duration', row) ?? 0}
                  counts={countsText(frame, row)}
                />
              </td>
            </tr>
            {open && (
              <tr>
                <td colSpan={width} className={styles.open}>
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
  const styles = useTableStyles();
  return (
    <span>
      <span className={styles.moment}>{dateTimeFormat(at, { format: 'YYYY-MM-DD HH:mm:ss' })}</span>{' '}
      <span className={styles.ago}>{formatAgo(at)}</span>
    </span>
  );
}

/** Leads to the session on the page of its user, if it has one. Names say more than ids, where there are any. */
function User({ user, start, anonymous, name, hrefOf }: SessionKey & { name?: string; hrefOf: HrefOfSession }) {
  const styles = useTableStyles();
  return user === undefined ? (
    <Missing />
  ) : (
    <a href={hrefOf(user, start, anonymous)} className={styles.link}>
      {name ?? user}
    </a>
  );
}

interface Column {
  id: string;
  name: string;
  number?: boolean;
  show: (frame: DataFrame, row: number, hrefOfTrouble: HrefOfTrouble) => ReactNode;
}

function ofField(id: string): Column['show'] {
  return function Shown(frame, row) {
    return <Cell field={fieldOf(frame, id)!} row={row} />;
  };
}

const COLUMNS: Column[] = [
  { id: 'duration', name: t('sessions.duration'), number: true, show: ofField('duration') },
  {
    id: 'device',
    name: t('user.device'),
    show: (frame, row) => <Two frame={frame} row={row} first={['device_type']} second={['os_name', 'browser_name']} />,
  },
  {
    id: 'place',
    name: t('user.place'),
    show: (frame, row) => <Two frame={frame} row={row} first={['city']} second={['country']} />,
  },
  { id: 'application', name: t('user.application'), show: ofField('application') },
  {
    id: 'pages',
    name: t('sessions.pages'),
    show: (frame, row) => <Pages first={valueOf(frame, 'entry_page', row)} last={valueOf(frame, 'exit_page', row)} />,
  },
  { id: 'views', name: t('user.views'), number: true, show: ofField('views') },
  { id: 'actions', name: t('user.actions'), number: true, show: ofField('actions') },
  {
    id: 'trouble',
    name: t('sessions.trouble'),
    show: (frame, row, hrefOfTrouble) => <Trouble {...{ frame, row, hrefOfTrouble }} />,
  },
];

/** With which page a session began and with which it ended. */
function Pages({ first, last }: { first?: string; last?: string }) {
  const styles = useTableStyles();
  return first === undefined || last === undefined ? (
    <Missing />
  ) : first === last ? (
    <>{first}</>
  ) : (
    <>
      {first} <span className={styles.to}>{t('sessions.to')}</span> {last}
    </>
  );
}

/** Some values, and below them, or beside them in a card, those that say more. */
function Two({ frame, row, first, second }: { frame: DataFrame; row: number; first: string[]; second: string[] }) {
  const styles = useTableStyles();
  const has = (names: string[]) => names.some((name) => valueOf(frame, name, row) !== undefined);
  return has(first) && has(second) ? (
    <>
      <Values {...{ frame, row, names: first }} />
      <span className={styles.second}>
        <Values {...{ frame, row, names: second }} />
      </span>
    </>
  ) : (
    <Values {...{ frame, row, names: has(first) ? first : second }} />
  );
}

interface TroubleProps {
  frame: DataFrame;
  row: number;
  hrefOfTrouble: HrefOfTrouble;
}

/** Errors and frustrations of a session, where it has some; they lead to more about them where they are a known user's. */
function Trouble({ frame, row, hrefOfTrouble }: TroubleProps) {
  const styles = useTableStyles();
  const errors = valueOf<number>(frame, 'errors', row) ?? 0;
  const frustrations = valueOf<number>(frame, 'frustrations', row) ?? 0;
  if (errors + frustrations === 0) {
    return <Missing />;
  }
  const { user, anonymous, start } = keyOf(frame, row);
  const badges = (
    <>
      {errors > 0 && <Counted one="sessions.oneError" many="sessions.someErrors" n={errors} color="red" icon="bug" />}
      {frustrations > 0 && (
        <Counted
          {...{ one: 'sessions.oneFrustration', many: 'sessions.someFrustrations', n: frustrations }}
          color="orange"
          icon="exclamation-triangle"
        />
      )}
    </>
  );
  return user === undefined || anonymous ? (
    <span className={styles.badges}>{badges}</span>
  ) : (
    <a
      className={styles.badges}
      href={hrefOfTrouble(user, start, start + (valueOf<number>(frame, 'duration', row) ?? 0))}
      title={t('sessions.openTrouble')}
    >
      {badges}
    </a>
  );
}

interface CountedProps {
  one: 'sessions.oneError' | 'sessions.oneFrustration';
  many: 'sessions.someErrors' | 'sessions.someFrustrations';
  n: number;
  color: ComponentProps<typeof Badge>['color'];
  icon: IconName;
}

function Counted({ one, many, n, color, icon }: CountedProps) {
  return <Badge color={color} icon={icon} text={n === 1 ? t(one) : t(many, { count: formatCount(n) })} />;
}

/** "5 views, 12 actions, 1 errors, 0 frustrations" */
const countsText = (frame: DataFrame, row: number) =>
  t('sessions.counts', {
    views: valueOf<number>(frame, 'views', row) ?? 0,
    actions: valueOf<number>(frame, 'actions', row) ?? 0,
    errors: valueOf<number>(frame, 'errors', row) ?? 0,
    frustrations: valueOf<number>(frame, 'frustrations', row) ?? 0,
  });

const getStyles = (theme: GrafanaTheme2, cards: string) => {
  const line = `1px solid ${theme.colors.border.weak}`;
  return {
    table: css({
      ...{ width: '100%', borderCollapse: 'separate', borderSpacing: 0 },
      'th, td': {
        ...{ padding: theme.spacing(1, 1, 0.5), textAlign: 'left', verticalAlign: 'baseline' },
        fontWeight: theme.typography.fontWeightRegular,
      },
      'thead th': {
        ...{ color: theme.colors.text.secondary, fontWeight: theme.typography.fontWeightMedium },
        borderBottom: line,
      },
      'tbody:not(:last-child) > tr:last-child > *': { borderBottom: line },
      [cards]: {
        thead: { position: 'absolute', width: 1, height: 1, overflow: 'hidden', clipPath: 'inset(50%)' },
        'tbody, tbody th, td': { display: 'block' },
        tr: { display: 'flex', flexWrap: 'wrap', columnGap: theme.spacing(2) },
        'tbody th': { flexBasis: '100%' },
        'tbody:not(:last-child)': { borderBottom: line },
        'tbody:not(:last-child) > tr:last-child > *': { borderBottom: 'none' },
        tbody: { padding: theme.spacing(1, 0) },
        'th, td': { padding: theme.spacing(0.25, 0) },
        'td:has(> [data-missing])': { display: 'none' },
        'td[data-name]::before': { content: 'attr(data-name) ": "', color: theme.colors.text.secondary },
      },
    }),
    number: css({
      ...{ fontVariantNumeric: 'tabular-nums', whiteSpace: 'nowrap' },
      '&&': { textAlign: 'right', [cards]: { textAlign: 'left' } },
    }),
    opener: css({
      ...{ display: 'inline-flex', alignItems: 'baseline', gap: theme.spacing(0.5) },
      ...{ background: 'none', border: 0, padding: 0, textAlign: 'left', fontVariantNumeric: 'tabular-nums' },
      '&:hover': { textDecoration: 'underline' },
    }),
    link: css({ color: theme.colors.text.link }),
    moment: css({ whiteSpace: 'nowrap' }),
    ago: css({
      ...{ display: 'block', whiteSpace: 'nowrap', [cards]: { display: 'inline' } },
      color: theme.colors.text.secondary,
      fontSize: theme.typography.bodySmall.fontSize,
    }),
    to: css({ color: theme.colors.text.secondary }),
    second: css({
      ...{ display: 'block', color: theme.colors.text.secondary, fontSize: theme.typography.bodySmall.fontSize },
      [cards]: { display: 'inline', '&::before': { content: '", "' } },
    }),
    badges: css({ display: 'inline-flex', flexWrap: 'wrap', gap: theme.spacing(0.5) }),
    course: css({
      '&&': { padding: theme.spacing(0, 1, 1, 3), [cards]: { flexBasis: '100%', padding: theme.spacing(0.5, 0) } },
    }),
    open: css({
      '&&': { padding: theme.spacing(0, 0, 2, 3), [cards]: { flexBasis: '100%', padding: theme.spacing(1, 0) } },
    }),
  };
};
