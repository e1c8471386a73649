import { css } from '@emotion/css';
import { type DataFrame, type GrafanaTheme2 } from '@grafana/data';
import { Button, useStyles2 } from '@grafana/ui';
import React, { type ReactNode, type RefObject, useEffect, useMemo, useRef, useState } from 'react';

import { fieldOf, valueOf } from '../../api/frames';
import { EmptyState } from '../../components/EmptyState';
import { formatCount } from '../../components/numbers';
import { Stack } from '../../components/Stack';
import { t } from '../../text';

import { Event } from './Event';
import { countsOf, type Entry, formatOffset, type Kind, KINDS, timelineOf } from './entries';
import { type HrefOfTrace } from './traces';

/** From how many events on they scroll by themselves, in parts of so many. */
const MANY = 200;
const PART = 100;
/** How tall an event is about, in pixels, as long as nobody has seen it. */
const HEIGHT = 33;

interface Props {
  frame: DataFrame;
  /** The moment that a link led to, in milliseconds: what happened then is marked. */
  at?: number;
  /** Leads to a moment, in milliseconds. */
  hrefOf?: (at: number) => string;
  hrefOfTrace?: HrefOfTrace;
}

/** The events of a session in their order, views with what happened in them; a click on one shows all that it says. */
export function Timeline({ frame, at, ...links }: Props) {
  const styles = useStyles2(getStyles);
  const box = useRef<HTMLDivElement>(null);
  const [kinds, setKinds] = useState<Kind[]>([]);
  const entries = useMemo(() => timelineOf(frame, kinds), [frame, kinds]);
  const marked = at === undefined ? -1 : (fieldOf(frame, 'time')?.values.indexOf(at) ?? -1);
  const shown = (entry: Entry) => (
    <Event key={entry.row} {...{ frame, entry, ...links }} marked={entry.row === marked} />
  );
  return (
    <>
      {frame.meta?.notices?.map(({ text }) => (
        <p key={text} className={styles.note}>
          {text}
        </p>
      ))}
      <Narrowed frame={frame} kinds={kinds} onChange={setKinds} />
      {frame.length === 0 && <EmptyState icon="history" title={t('sessions.noEvents')} />}
      {entries.length <= MANY ? (
        <ol className={styles.list} aria-label={t('sessions.events')}>
          {entries.map(shown)}
        </ol>
      ) : (
        // Not to be scrolled by keys alone where nothing in it could have the focus.
        <div ref={box} className={styles.box} tabIndex={0} role="region" aria-label={t('sessions.events')}>
          {partsOf(entries).map((part) => (
            <Part
              key={`${kinds.join()} ${part[0].row}`}
              {...{ box, part }}
              first={part.some(({ row }) => row === Math.max(marked, 0))}
            >
              {() => part.map(shown)}
            </Part>
          ))}
        </div>
      )}
      {frame.length > 0 && !frame.meta?.notices?.length && <p className={styles.note}>{leftText(frame)}</p>}
    </>
  );
}

/** Where the session ended, of which all events are there. */
function leftText(frame: DataFrame): string {
  const last = frame.length - 1;
  const page = valueOf<string>(frame, 'page', last);
  const time = formatOffset(valueOf<number>(frame, 'offset', last) ?? 0);
  return page ? t('sessions.leftOn', { time, page }) : t('sessions.left', { time });
}

const partsOf = (entries: Entry[]) =>
  Array.from({ length: Math.ceil(entries.length / PART) }, (_, i) => entries.slice(i * PART, (i + 1) * PART));

interface PartProps {
  /** What they scroll in. */
  box: RefObject<HTMLDivElement | null>;
  part: Entry[];
  /** They are shown before anything was scrolled. */
  first: boolean;
  children: () => ReactNode;
}

/** Events that are there as long as somebody is near them, since thousands of them would be slow. */
function Part({ box, part, first, children }: PartProps) {
  const styles = useStyles2(getStyles);
  const ref = useRef<HTMLOListElement>(null);
  const [near, setNear] = useState(first);
  const [height, setHeight] = useState(part.length * HEIGHT);
  useEffect(() => {
    const observer = new IntersectionObserver(
      ([{ isIntersecting, boundingClientRect }]) => {
        setNear(isIntersecting);
        if (!isIntersecting) {
          setHeight(boundingClientRect.height);
        }
      },
      { root: box.current, rootMargin: '1000px 0px' }
    );
    observer.observe(ref.current!);
    return () => observer.disconnect();
  }, [box]);
  const from = formatCount(part[0].row + 1);
  const to = formatCount(part[part.length - 1].row + 1);
  return (
    <ol
      ref={ref}
      className={styles.list}
      style={near ? undefined : { height }}
      aria-label={t('sessions.part', { from, to })}
    >
      {near && children()}
    </ol>
  );
}

interface NarrowedProps {
  frame: DataFrame;
  kinds: Kind[];
  onChange: (kinds: Kind[]) => void;
}

/** Which kinds of events are shown, where there are several. */
function Narrowed({ frame, kinds, onChange }: NarrowedProps) {
  const styles = useStyles2(getStyles);
  const counts = useMemo(() => countsOf(frame), [frame]);
  const there = KINDS.filter((kind) => counts[kind] > 0);
  if (there.length < 2) {
    return null;
  }
  return (
    <div role="group" className={styles.kinds} aria-label={t('sessions.kinds')}>
      <Stack wrap small>
        {there.map((kind) => {
          const on = kinds.includes(kind);
          return (
            <Button
              key={kind}
              {...{ size: 'sm', fill: on ? 'solid' : 'outline', variant: on ? 'primary' : 'secondary' }}
              aria-pressed={on}
              onClick={() => onChange(on ? kinds.filter((other) => other !== kind) : [...kinds, kind])}
            >
              {t(`sessions.kind.${kind}`, { count: formatCount(counts[kind]) })}
            </Button>
          );
        })}
      </Stack>
    </div>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  note: css({ color: theme.colors.text.secondary, margin: theme.spacing(1, 0) }),
  list: css({
    ...{ listStyle: 'none', margin: 0, borderLeft: `2px solid ${theme.colors.border.medium}` },
    'div > &': { margin: 0 },
  }),
  kinds: css({ margin: theme.spacing(0.5, 0, 1) }),
  box: css({ maxHeight: '70vh', overflowY: 'auto', marginTop: theme.spacing(1) }),
});
