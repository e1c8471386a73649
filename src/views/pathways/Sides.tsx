import { css } from '@emotion/css';
import { type GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';
import React from 'react';

import { Chart } from './Chart';
import { type Graph, type Node } from './graph';
import { PathwaysTable } from './PathwaysTable';
import { type PathwaysState } from './state';
import { type Opened } from './StepMenu';
import { isBackward } from './words';

/** One of the selections whose paths are shown: the first, or the one it is compared with. */
export interface Side {
  name: string;
  graph: Graph;
}

interface Props {
  sides: Side[];
  state: PathwaysState;
  /** Opens what can be done with a node or link. */
  onOpen: (opened: Opened) => void;
  onHide: (node: Node) => void;
  /** Undefined where there are as many steps as there may be. */
  onAddStep?: () => void;
}

/** Pathways as one chart, as two beside each other, or as a table. */
export function Sides({ sides, state, onOpen, ...does }: Props) {
  const styles = useStyles2(getStyles);
  const { unit, steps, of } = state;
  const backward = isBackward(state.anchor);
  if (state.table) {
    return <PathwaysTable {...{ sides, unit, backward, onOpen }} />;
  }
  const isCompared = sides.length > 1;
  return (
    <div className={styles.sides}>
      {sides.map(({ name, graph }, i) => {
        const compared = i > 0;
        return (
          <div key={i} className={styles.side}>
            {isCompared && <h3 className={styles.name}>{name}</h3>}
            <Chart
              {...{ graph, unit, backward, steps, ...does }}
              chosen={state.compared === compared ? of : ''}
              name={isCompared ? name : undefined}
              beside={sides[1 - i]?.graph}
              tellsDifference={compared}
              onOpen={(id, x, y) => onOpen({ id, x, y, compared })}
            />
          </div>
        );
      })}
    </div>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  sides: css({
    ...{ display: 'grid', gridTemplateColumns: 'minmax(0, 1fr)', gap: theme.spacing(3) },
    '@container (min-width: 1200px)': { gridAutoColumns: 'minmax(0, 1fr)', gridAutoFlow: 'column' },
  }),
  side: css({ minWidth: 0 }),
  name: css({ ...theme.typography.h5, margin: theme.spacing(0, 0, 1) }),
});
