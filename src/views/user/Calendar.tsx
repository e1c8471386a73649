import { css, cx } from '@emotion/css';
import { colorManipulator, dateTimeFormat, type GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';
import React, { type KeyboardEvent, useRef, useState } from 'react';

import { sessionsText } from '../../components/holders';
import { formatCount } from '../../components/numbers';
import { Section } from '../../components/Section';
import { t } from '../../text';

import { type Day, monthsOf, stepFrom } from './days';

interface Props {
  weeks: Day[][];
  /** The day whose sessions are shown, if it is one. */
  chosen?: string;
  onChoose: (day: Day) => void;
}

/** On which days of the last weeks the user was active, the more the stronger; a click on one shows its sessions. */
export function Calendar({ weeks, chosen, onChoose }: Props) {
  const styles = useStyles2(getStyles);
  const grid = useRef<HTMLTableElement>(null);
  const last = weeks.length - 1;
  // One stop for Tab; arrows lead on.
  const [[week, day], setAt] = useState<[number, number]>([last, weeks[last].length - 1]);
  const walk = (event: KeyboardEvent) => {
    const to = stepFrom(event.key, weeks, week, day);
    if (to) {
      event.preventDefault();
      setAt(to);
      grid.current?.querySelector<HTMLElement>(`[data-day="${weeks[to[0]][to[1]].date}"]`)?.focus();
    }
  };
  return (
    <Section title={t('user.calendar')} extra={<Legend />}>
      <div className={styles.frame}>
        <table ref={grid} role="grid" className={styles.grid} aria-label={t('user.calendar')} onKeyDown={walk}>
          <thead aria-hidden>
            <tr>
              <td />
              {monthsOf(weeks).map(({ week, name }, i, months) => (
                <React.Fragment key={week}>
                  {i === 0 && week > 0 && <td colSpan={week} />}
                  <td colSpan={(months[i + 1]?.week ?? weeks.length) - week} className={styles.name}>
                    {name}
                  </td>
                </React.Fragment>
              ))}
            </tr>
          </thead>
          <tbody>
            {Array.from({ length: 7 }, (_, d) => (
              <tr key={d}>
                <th scope="row" className={styles.name}>
                  {nameOfDay(weeks[0][d])}
                </th>
                {weeks.map((days, w) => (
                  <td key={w} className={styles.cell}>
                    {days[d] && (
                      <DayButton
                        day={days[d]}
                        chosen={days[d].date === chosen}
                        inTab={w === week && d === day}
                        onFocus={() => setAt([w, d])}
                        onChoose={onChoose}
                      />
                    )}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Section>
  );
}

const nameOfDay = ({ date }: Day) => dateTimeFormat(date, { format: 'ddd', timeZone: 'utc' });

interface DayButtonProps {
  day: Day;
  chosen: boolean;
  inTab: boolean;
  onFocus: () => void;
  onChoose: (day: Day) => void;
}

function DayButton({ day, chosen, inTab, onFocus, onChoose }: DayButtonProps) {
  const styles = useStyles2(getStyles);
  const text = describe(day);
  return (
    <button
      type="button"
      {...{ onFocus, title: text, 'aria-label': text, 'aria-pressed': chosen, 'data-day': day.date }}
      tabIndex={inTab ? 0 : -1}
      aria-disabled={!day.active}
      className={cx(styles.day, chosen && styles.chosen)}
      data-level={day.active?.level ?? 0}
      onClick={() => day.active && onChoose(day)}
    />
  );
}

/** "Sunday, 17 May 2026: 2 sessions, 41 events, 1 errors, 0 frustrations" */
function describe({ date, active }: Day): string {
  const day = dateTimeFormat(date, { format: 'dddd, D MMMM YYYY', timeZone: 'utc' });
  if (!active) {
    return t('user.inactive', { day });
  }
  const { sessions, events, errors, frustrations } = active;
  const counts = { events: formatCount(events), errors: formatCount(errors), frustrations: formatCount(frustrations) };
  return t('user.active', { day, sessions: sessionsText(sessions), ...counts });
}

function Legend() {
  const styles = useStyles2(getStyles);
  return (
    <span className={styles.legend} aria-hidden>
      {t('user.less')}
      {[0, 1, 2, 3, 4].map((level) => (
        <span key={level} className={styles.day} data-level={level} />
      ))}
      {t('user.more')}
    </span>
  );
}

const getStyles = (theme: GrafanaTheme2) => {
  const level = (alpha: number) => ({
    background: colorManipulator.alpha(theme.visualization.getColorByName('green'), alpha),
    borderColor: 'transparent',
  });
  return {
    // The days of now are at its end, where it is too long for a phone.
    frame: css({ overflowX: 'auto', direction: 'rtl', '> *': { direction: 'ltr' } }),
    grid: css({ borderCollapse: 'separate', borderSpacing: 2, width: '100%' }),
    name: css({
      ...{ color: theme.colors.text.secondary, fontSize: theme.typography.bodySmall.fontSize },
      ...{ fontWeight: theme.typography.fontWeightRegular, textAlign: 'left', whiteSpace: 'nowrap' },
      ...{ lineHeight: 1, paddingRight: theme.spacing(0.5), width: 1 },
    }),
    cell: css({ padding: 0, minWidth: 12 }),
    day: css({
      ...{ display: 'block', boxSizing: 'border-box', width: '100%', height: 14, minWidth: 12, padding: 0 },
      ...{ border: `1px solid ${theme.colors.border.weak}`, borderRadius: theme.shape.radius.default },
      background: theme.colors.background.secondary,
      '&[data-level="1"]': level(0.3),
      '&[data-level="2"]': level(0.5),
      '&[data-level="3"]': level(0.75),
      '&[data-level="4"]': level(1),
      '&[aria-disabled=true]': { cursor: 'default' },
    }),
    chosen: css({ outline: `2px solid ${theme.colors.primary.border}`, outlineOffset: 1 }),
    legend: css({
      ...{ display: 'inline-flex', alignItems: 'center', gap: 2, color: theme.colors.text.secondary },
      fontSize: theme.typography.bodySmall.fontSize,
    }),
  };
};
