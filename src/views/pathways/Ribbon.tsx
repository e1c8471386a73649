import { css, cx } from '@emotion/css';
import { type GrafanaTheme2 } from '@grafana/data';
import { useStyles2, useTheme2 } from '@grafana/ui';
import React, { memo } from 'react';

import { type PathwayUnit } from '../../query/types.gen';

import { colorOfLink } from './colors';
import { type Graph } from './graph';
import { type Ribbon as Drawn } from './layout';
import { endsOf, linkText } from './words';

interface Props {
  ribbon: Drawn;
  graph: Graph;
  unit: PathwayUnit;
  lit: boolean;
  faded: boolean;
  /** Whether the Tab key stops here. */
  isStop: boolean;
}

/** A link: the band between two bars. Of many, only those that light up or fade are drawn anew. */
export const Ribbon = memo(function Ribbon({ ribbon: { link, path }, graph, unit, lit, faded, isStop }: Props) {
  const styles = useStyles2(getStyles);
  const theme = useTheme2();
  const { from, to } = endsOf(graph, link);
  const text = linkText(graph, link, unit);
  return (
    <path
      d={path}
      role="button"
      aria-label={text}
      aria-haspopup="menu"
      data-id={link.id}
      tabIndex={isStop ? 0 : -1}
      fill={colorOfLink(from, to, theme)}
      className={cx(styles.ribbon, lit && styles.lit, faded && styles.faded)}
    >
      <title>{text}</title>
    </path>
  );
});

const getStyles = (theme: GrafanaTheme2) => ({
  ribbon: css({
    ...{ fillOpacity: 0.22, cursor: 'pointer' },
    '&:focus-visible': { outline: 'none', stroke: theme.colors.primary.main, strokeWidth: 2 },
  }),
  lit: css({ fillOpacity: 0.5 }),
  faded: css({ fillOpacity: 0.08 }),
});
