import { css, cx } from '@emotion/css';
import { type GrafanaTheme2 } from '@grafana/data';
import { Icon, useStyles2, useTheme2 } from '@grafana/ui';
import React, { memo } from 'react';

import { formatCount, formatShare } from '../../components/numbers';
import { type PathwayUnit } from '../../query/types.gen';
import { t } from '../../text';

import { colorOfBar } from './colors';
import { type Graph, isEnd } from './graph';
import { BAR, LABEL, type Placed } from './layout';
import { continuesText, cut, nameOf, nodePoints, nodeText } from './words';

interface Props {
  placed: Placed;
  graph: Graph;
  /** What it is compared with, which has a node of the same id. */
  beside?: Graph;
  unit: PathwayUnit;
  backward: boolean;
  /** What all pages begin with, which is said elsewhere. */
  prefix: string;
  /** From one column to the next, in pixels. */
  room: number;
  faded: boolean;
  chosen: boolean;
  /** Whether the Tab key stops here. */
  isStop: boolean;
}

/** About how wide a letter is, in pixels. */
const LETTER = 7;

/** A node: its bar, and beside it what it is and how many are there. Of many, only those that change are drawn anew. */
export const Bar = memo(function Bar({
  placed,
  graph,
  beside,
  unit,
  backward,
  prefix,
  room,
  faded,
  chosen,
  isStop,
}: Props) {
  const styles = useStyles2(getStyles);
  const color = colorOfBar(placed.node, useTheme2());
  const { node, x, y, height } = placed;
  const text = nodeText(graph, node, { unit, backward, beside });
  const width = room - BAR - 16;
  const counted = `${formatCount(node.count)} · ${formatShare(node.count, graph.counted)}`;
  const goesOn = node.continues > 0 && ` · ${continuesText(node, backward)}`;
  const name = node.kind === 'page' && prefix ? node.name.slice(prefix.length) : nameOf(node);
  return (
    <button
      type="button"
      className={cx(styles.node, faded && styles.faded, chosen && styles.chosen)}
      style={{ left: x, top: y, maxWidth: room - 4, minHeight: Math.max(height, LABEL) }}
      aria-label={text}
      aria-haspopup="menu"
      title={text}
      data-id={node.id}
      tabIndex={isStop ? 0 : -1}
    >
      <span
        className={cx(styles.bar, isEnd(node) && styles.end)}
        style={{ height, ...(isEnd(node) ? { borderColor: color } : { background: color }) }}
      />
      <span className={styles.texts} style={{ maxWidth: width }}>
        <span className={styles.name}>
          {node.kind === 'action' && <Icon name="bolt" size="xs" />}
          {cut(name, Math.floor(width / LETTER))}
        </span>
        <span className={styles.count}>
          {counted}
          {goesOn && (counted + goesOn).length * LETTER <= width && goesOn}
        </span>
        {beside && (
          <span className={styles.points}>{t('pathways.points', { points: nodePoints(graph, node, beside) })}</span>
        )}
      </span>
    </button>
  );
});

const getStyles = (theme: GrafanaTheme2) => ({
  node: css({
    ...{ position: 'absolute', display: 'flex', alignItems: 'flex-start', gap: theme.spacing(0.5) },
    ...{ background: 'none', border: 0, padding: 0, textAlign: 'left', color: theme.colors.text.primary },
    '&:focus-visible': { outline: `2px solid ${theme.colors.primary.main}`, outlineOffset: 1 },
  }),
  faded: css({ opacity: 0.35 }),
  chosen: css({ textDecoration: 'underline' }),
  bar: css({ flex: '0 0 auto', width: BAR, borderRadius: theme.shape.radius.default }),
  // Where paths end is told by more than its colour.
  end: css({ border: '2px dashed' }),
  texts: css({ display: 'flex', flexDirection: 'column', minWidth: 0, lineHeight: 1.3 }),
  name: css({
    ...{ display: 'inline-flex', alignItems: 'center', gap: theme.spacing(0.5), whiteSpace: 'nowrap' },
    fontSize: theme.typography.bodySmall.fontSize,
  }),
  count: css({
    ...{ color: theme.colors.text.secondary, fontSize: theme.typography.bodySmall.fontSize, whiteSpace: 'nowrap' },
    fontVariantNumeric: 'tabular-nums',
  }),
  points: css({
    ...{ fontSize: theme.typography.bodySmall.fontSize, fontWeight: theme.typography.fontWeightMedium },
    ...{ whiteSpace: 'nowrap', fontVariantNumeric: 'tabular-nums' },
  }),
});
