import { css } from '@emotion/css';
import { colorManipulator, type GrafanaTheme2 } from '@grafana/data';
import { useStyles2, useTheme2 } from '@grafana/ui';
import React, { useMemo } from 'react';

import { hueOf } from '../../components/hues';
import { t } from '../../text';

import { type Block, drawn, type Mark } from './drawn';

/** In units of the drawing, which is stretched to the width there is. */
const WIDTH = 1000;
const HEIGHT = 20;
/** Between two views. */
const GAP = 3;
/** Those of what went wrong are not among them. */
const HUES = ['blue', 'green', 'purple', 'light-blue', 'light-green', 'light-purple'];
const MARKS = { action: { top: 13, width: 3 }, error: { top: 0, width: 6 }, frustration: { top: 0, width: 6 } };

interface Props {
  /** As the backend tells it. */
  course?: string;
  /** Of the session, in milliseconds. */
  duration: number;
  /** What the counts of the session are, for those who cannot see it. */
  counts: string;
}

/** How a session went: a block for each view, as long as it lasted, in a colour of its page, and marks for the rest. */
export function Course({ course, duration, counts }: Props) {
  const styles = useStyles2(getStyles);
  const { blocks, marks } = useMemo(() => drawn(course, duration), [course, duration]);
  return (
    <svg
      className={styles.course}
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={t('sessions.courseOf', { counts })}
    >
      <rect className={styles.none} width={WIDTH} height={HEIGHT} />
      {blocks.map((block, i) => (
        <View key={i} {...block} />
      ))}
      {marks.map((mark, i) => (
        <Happened key={i} {...mark} />
      ))}
    </svg>
  );
}

function View({ page, from, to }: Block) {
  const theme = useTheme2();
  const name = page ?? t('sessions.noPage');
  const width = Math.max((to - from) * WIDTH - GAP, 2);
  return (
    <rect x={from * WIDTH} width={width} height={HEIGHT} fill={colorManipulator.alpha(hueOf(name, theme, HUES), 0.4)}>
      <title>{name}</title>
    </rect>
  );
}

function Happened({ at, kind, name }: Mark) {
  const styles = useStyles2(getStyles);
  const { top, width } = MARKS[kind];
  return (
    <rect className={styles[kind]} {...{ x: Math.min(at * WIDTH, WIDTH - width), y: top, width, height: HEIGHT - top }}>
      <title>{name}</title>
    </rect>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  course: css({
    ...{ display: 'block', width: '100%', minWidth: 120, height: theme.spacing(2) },
    ...{ borderRadius: theme.shape.radius.default, overflow: 'hidden' },
  }),
  none: css({ fill: theme.colors.background.secondary }),
  action: css({ fill: theme.colors.text.secondary }),
  error: css({ fill: theme.colors.error.main }),
  frustration: css({ fill: theme.colors.warning.main }),
});
