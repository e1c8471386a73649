import { css, cx } from '@emotion/css';
import { type GrafanaTheme2 } from '@grafana/data';
import { IconButton, useStyles2, useTheme2 } from '@grafana/ui';
import React, { type KeyboardEvent, type MouseEvent, useId, useMemo, useRef, useState } from 'react';

import { hueOf } from '../../components/hues';
import { useWidth } from '../../components/useWidth';
import { type PathwayUnit } from '../../query/types.gen';
import { t } from '../../text';

import { Bar } from './Bar';
import { commonPrefix, find, type Graph, isEnd, moveTo, type Node, waysThrough } from './graph';
import { layOut } from './layout';
import { countedText, headOf, linkText, onTheirWay } from './words';

interface Props {
  graph: Graph;
  steps: number;
  unit: PathwayUnit;
  backward: boolean;
  /** Whose sessions are listed, by its id. */
  chosen: string;
  /** Opens what can be done with a node or link, at a place of the window. */
  onOpen: (id: string, x: number, y: number) => void;
  onHide: (node: Node) => void;
  /** Undefined where there are as many steps as there may be. */
  onAddStep?: () => void;
}

/** Pathways as columns of pages with bands between them. It is one stop of the Tab key; arrows go on from there. */
export function Chart({ graph, steps, unit, backward, chosen, onOpen, onHide, onAddStep }: Props) {
  const styles = useStyles2(getStyles);
  const theme = useTheme2();
  const help = useId();
  const [ref, available] = useWidth();
  const { columns, ribbons, pitch, width, height } = useMemo(
    () => layOut(graph, steps, backward, available),
    [graph, steps, backward, available]
  );
  const [last, setLast] = useState('');
  const [pointed, setPointed] = useState('');
  const lit = useMemo(() => (pointed ? waysThrough(graph, pointed) : undefined), [graph, pointed]);
  const prefix = useMemo(() => commonPrefix(graph), [graph]);
  const chart = useRef<HTMLDivElement>(null);
  const ids = columns.map((column) => column.map(({ node }) => node.id));
  const { node, link } = find(graph, last);
  const stop = node || link ? last : (ids.flat()[0] ?? '');

  const colorOf = (node?: Node) =>
    !node || node.kind === 'other' || isEnd(node) ? theme.colors.text.disabled : hueOf(node.name, theme);
  const colorOfEnds = (source: string, target: string) => {
    const to = find(graph, target).node;
    return to && isEnd(to) ? theme.colors.error.border : colorOf(find(graph, source).node);
  };
  const goOn = (event: KeyboardEvent) => {
    const next = moveTo(graph, ids, stop, event.key);
    const element = next && chart.current?.querySelector<HTMLElement>(`[data-id="${CSS.escape(next)}"]`);
    if (element) {
      event.preventDefault();
      event.stopPropagation();
      element.focus();
    }
  };
  const reached = (id: string) => ({
    ...{ 'data-id': id, 'aria-haspopup': 'menu' as const, tabIndex: id === stop ? 0 : -1 },
    onFocus: () => {
      setLast(id);
      setPointed(id);
    },
    onBlur: () => setPointed(''),
    onMouseEnter: () => setPointed(id),
    onMouseLeave: () => setPointed(''),
    onKeyDown: (event: KeyboardEvent) => {
      if (event.key === 'Enter' || event.key === ' ') {
        event.preventDefault();
        const { left, top } = event.currentTarget.getBoundingClientRect();
        onOpen(id, left + 16, top + 16);
      }
    },
  });
  return (
    <div className={styles.frame}>
      {prefix && <span className={styles.note}>{t('pathways.begins', { prefix })}</span>}
      <div ref={ref} className={styles.scroll}>
        <div
          ref={chart}
          role="group"
          aria-label={t('pathways.chart', { steps, counted: countedText(graph.counted, unit) })}
          aria-describedby={help}
          onKeyDown={goOn}
          style={{ width }}
        >
          <div className={styles.heads}>
            {columns.map((_, i) => {
              const step = backward ? columns.length - i : i + 1;
              return (
                <div key={step} style={{ width: pitch }}>
                  <div className={styles.step}>
                    {headOf(step, backward)}
                    {onAddStep && step === columns.length && (
                      <IconButton name="plus-circle" tooltip={t('pathways.addStep')} onClick={onAddStep} />
                    )}
                  </div>
                  <div className={styles.note}>{countedText(onTheirWay(graph, step), unit)}</div>
                </div>
              );
            })}
          </div>
          <div className={styles.body} style={{ height }}>
            <svg width={width} height={height}>
              {ribbons.map(({ link, path }) => {
                const text = linkText(graph, link, unit);
                return (
                  <path
                    key={link.id}
                    d={path}
                    role="button"
                    aria-label={text}
                    fill={colorOfEnds(link.source, link.target)}
                    className={cx(
                      styles.ribbon,
                      (lit?.has(link.id) || link.id === chosen) && styles.lit,
                      lit && !lit.has(link.id) && styles.faded
                    )}
                    onClick={({ clientX, clientY }) => onOpen(link.id, clientX, clientY)}
                    {...reached(link.id)}
                  >
                    <title>{text}</title>
                  </path>
                );
              })}
            </svg>
            {columns.flat().map((placed) => (
              <Bar
                key={placed.node.id}
                {...{ placed, graph, unit, backward, prefix, room: pitch }}
                color={isEnd(placed.node) ? theme.colors.error.border : colorOf(placed.node)}
                faded={lit !== undefined && !lit.has(placed.node.id)}
                chosen={placed.node.id === chosen}
                onClick={({ altKey, clientX, clientY, currentTarget }: MouseEvent) => {
                  const { left, top } = currentTarget.getBoundingClientRect();
                  if (altKey) {
                    onHide(placed.node);
                  } else {
                    onOpen(placed.node.id, clientX || left, clientY || top);
                  }
                }}
                {...reached(placed.node.id)}
              />
            ))}
          </div>
        </div>
      </div>
      <span id={help} className={styles.unseen}>
        {t('pathways.keys')}
      </span>
    </div>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  frame: css({ position: 'relative', minWidth: 0 }),
  scroll: css({ overflowX: 'auto', minWidth: 0 }),
  heads: css({
    ...{ display: 'flex', paddingBottom: theme.spacing(1), marginBottom: theme.spacing(1) },
    borderBottom: `1px solid ${theme.colors.border.weak}`,
  }),
  step: css({
    ...{ display: 'flex', alignItems: 'center', gap: theme.spacing(1) },
    fontWeight: theme.typography.fontWeightMedium,
  }),
  note: css({
    ...{ color: theme.colors.text.secondary, fontSize: theme.typography.bodySmall.fontSize },
    fontVariantNumeric: 'tabular-nums',
  }),
  body: css({ position: 'relative' }),
  ribbon: css({
    ...{ fillOpacity: 0.22, cursor: 'pointer' },
    '&:focus-visible': { outline: 'none', stroke: theme.colors.primary.main, strokeWidth: 2 },
  }),
  lit: css({ fillOpacity: 0.5 }),
  faded: css({ fillOpacity: 0.08 }),
  unseen: css({ position: 'absolute', width: 1, height: 1, overflow: 'hidden', clipPath: 'inset(50%)' }),
});
