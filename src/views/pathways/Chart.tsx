import { css } from '@emotion/css';
import { type GrafanaTheme2 } from '@grafana/data';
import { IconButton, useStyles2 } from '@grafana/ui';
import React, { type FocusEvent, type KeyboardEvent, type MouseEvent, useId, useMemo, useRef, useState } from 'react';

import { useWidth } from '../../components/useWidth';
import { type PathwayUnit } from '../../query/types.gen';
import { t } from '../../text';

import { Bar } from './Bar';
import { commonPrefix, find, type Graph, moveTo, type Node, waysThrough } from './graph';
import { layOut } from './layout';
import { Ribbon } from './Ribbon';
import { countedText, headOf, onTheirWay } from './words';

interface Props {
  graph: Graph;
  /** Whose paths these are, where others' are shown beside; these have the same nodes. */
  name?: string;
  beside?: Graph;
  /** Whether it says how far its shares are from those beside. */
  tellsDifference?: boolean;
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
export function Chart({ graph, name, beside, tellsDifference, steps, unit, backward, chosen, ...does }: Props) {
  const { onOpen, onHide, onAddStep } = does;
  const styles = useStyles2(getStyles);
  const help = useId();
  const [ref, available] = useWidth();
  const { columns, ribbons, pitch, width, height } = useMemo(
    () => layOut(graph, steps, backward, available, beside),
    [graph, steps, backward, available, beside]
  );
  const [last, setLast] = useState('');
  const [pointed, setPointed] = useState('');
  const lit = useMemo(() => (pointed ? waysThrough(graph, pointed) : undefined), [graph, pointed]);
  const prefix = useMemo(() => commonPrefix(graph), [graph]);
  const chart = useRef<HTMLDivElement>(null);
  const ids = useMemo(() => columns.map((column) => column.map(({ node }) => node.id)), [columns]);
  const { node, link } = find(graph, last);
  const stop = node || link ? last : (ids.flat()[0] ?? '');

  const goOn = (event: KeyboardEvent) => {
    const next = moveTo(graph, ids, stop, event.key);
    const element = next && chart.current?.querySelector<HTMLElement>(`[data-id="${CSS.escape(next)}"]`);
    if (element) {
      event.preventDefault();
      event.stopPropagation();
      element.focus();
    }
  };
  const press = (event: KeyboardEvent) => {
    const reached = reachedBy(event.target);
    if (reached && (event.key === 'Enter' || event.key === ' ')) {
      event.preventDefault();
      const { left, top } = reached.element.getBoundingClientRect();
      onOpen(reached.id, left + 16, top + 16);
    } else {
      goOn(event);
    }
  };
  const click = ({ target, altKey, clientX, clientY }: MouseEvent) => {
    const reached = reachedBy(target);
    const node = reached && find(graph, reached.id).node;
    if (node && altKey) {
      onHide(node);
    } else if (reached) {
      const { left, top } = reached.element.getBoundingClientRect();
      onOpen(reached.id, clientX || left, clientY || top);
    }
  };
  const focus = ({ target }: FocusEvent) => {
    const reached = reachedBy(target);
    if (reached) {
      setLast(reached.id);
      setPointed(reached.id);
    }
  };
  const point = ({ target }: MouseEvent) => {
    const reached = reachedBy(target);
    if (reached) {
      setPointed(reached.id);
    }
  };
  const leave = ({ target, relatedTarget }: MouseEvent | FocusEvent) => {
    if (reachedBy(target)) {
      setPointed(reachedBy(relatedTarget)?.id ?? '');
    }
  };
  return (
    <div className={styles.frame}>
      {prefix && <span className={styles.note}>{t('pathways.begins', { prefix })}</span>}
      <div ref={ref} className={styles.scroll}>
        <div
          ref={chart}
          role="group"
          aria-label={[t('pathways.chart', { steps, counted: countedText(graph.counted, unit) }), name]
            .filter(Boolean)
            .join(', ')}
          aria-describedby={help}
          onKeyDown={press}
          onClick={click}
          onFocus={focus}
          onBlur={leave}
          onMouseOver={point}
          onMouseOut={leave}
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
              {ribbons.map((ribbon) => (
                <Ribbon
                  key={ribbon.link.id}
                  {...{ ribbon, graph, unit }}
                  lit={lit?.has(ribbon.link.id) || ribbon.link.id === chosen}
                  faded={lit !== undefined && !lit.has(ribbon.link.id)}
                  isStop={ribbon.link.id === stop}
                />
              ))}
            </svg>
            {columns.flat().map((placed) => (
              <Bar
                key={placed.node.id}
                {...{ placed, graph, unit, backward, prefix, room: pitch }}
                beside={tellsDifference ? beside : undefined}
                faded={lit !== undefined && !lit.has(placed.node.id)}
                chosen={placed.node.id === chosen}
                isStop={placed.node.id === stop}
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

/** The node or link that something happened at. */
function reachedBy(target: EventTarget | null): { id: string; element: Element } | undefined {
  const element = target instanceof Element ? target.closest('[data-id]') : null;
  const id = element?.getAttribute('data-id');
  return element && id ? { id, element } : undefined;
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
  unseen: css({ position: 'absolute', width: 1, height: 1, overflow: 'hidden', clipPath: 'inset(50%)' }),
});
