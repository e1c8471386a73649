import { css } from '@emotion/css';
import { type GrafanaTheme2 } from '@grafana/data';
import {
  AxisPlacement,
  DrawStyle,
  PointVisibility,
  ScaleDirection,
  ScaleOrientation,
  UPlotChart,
  UPlotConfigBuilder,
  useStyles2,
  useTheme2,
} from '@grafana/ui';
import React, { type ReactNode, useMemo, useState } from 'react';

import { formatCount } from './numbers';
import { useWidth } from './useWidth';

interface Props {
  /** What it shows, for those who cannot see it. */
  name: string;
  /** By time, in milliseconds since 1970. */
  points: Array<{ at: number; value: number }>;
  height: number;
  /** What is told of a point that is pointed at. */
  describe: (index: number) => ReactNode;
}

/** What is younger is shown as so old, in milliseconds: a single point has a place then. */
const DAY = 86_400_000;

/** One line over time, from 0 up. */
export function TimeChart({ name, points, height, describe }: Props) {
  const styles = useStyles2(getStyles);
  const theme = useTheme2();
  const [ref, width] = useWidth();
  const [hovered, setHovered] = useState<{ index: number; left: number; top: number }>();
  const data = useMemo<[number[], number[]]>(
    () => [points.map(({ at }) => at), points.map(({ value }) => value)],
    [points]
  );
  const config = useMemo(() => {
    const built = lineOf(theme);
    built.addHook('setCursor', ({ cursor: { idx }, data: [at, values], valToPos, bbox }) =>
      setHovered(
        typeof idx === 'number' && at[idx] !== undefined
          ? {
              index: idx,
              // The drawing's place in what holds it is in pixels of the screen.
              left: valToPos(at[idx], 'x') + bbox.left / window.devicePixelRatio,
              top: valToPos(values[idx] ?? 0, 'y') + bbox.top / window.devicePixelRatio,
            }
          : undefined
      )
    );
    return built;
  }, [theme]);
  return (
    <div ref={ref} className={styles.chart} style={{ height }} role="img" aria-label={name}>
      {width > 0 && <UPlotChart {...{ config, data, width, height }} />}
      {hovered && hovered.index < points.length && (
        <div
          className={styles.hover}
          style={{
            top: hovered.top,
            ...(hovered.left > width / 2 ? { right: width - hovered.left } : { left: hovered.left }),
          }}
        >
          {describe(hovered.index)}
        </div>
      )}
    </div>
  );
}

/** With some room behind the last point, for the text of its time. */
const shown = (from: number, to: number): [number, number] => [from, to + (to - from) / 40];

function lineOf(theme: GrafanaTheme2): UPlotConfigBuilder {
  const built = new UPlotConfigBuilder();
  built.addScale({
    ...{ scaleKey: 'x', isTime: true, range: (_, from, to) => shown(Math.min(from, to - DAY), to) },
    ...{ orientation: ScaleOrientation.Horizontal, direction: ScaleDirection.Right },
  });
  built.addScale({
    ...{ scaleKey: 'y', min: 0, softMax: 4 },
    ...{ orientation: ScaleOrientation.Vertical, direction: ScaleDirection.Up },
  });
  built.addAxis({ scaleKey: 'x', isTime: true, placement: AxisPlacement.Bottom, theme });
  built.addAxis({
    ...{ scaleKey: 'y', placement: AxisPlacement.Left, theme },
    formatValue: (value: number) => (Number.isInteger(value) ? formatCount(value) : ''),
  });
  const lineColor = theme.visualization.getColorByName('blue');
  built.addSeries({
    ...{ scaleKey: 'y', theme, drawStyle: DrawStyle.Line, lineColor, lineWidth: 2, fillColor: lineColor },
    ...{ fillOpacity: 10, showPoints: PointVisibility.Auto, pointSize: 6, pointColor: lineColor },
  });
  return built;
}

const getStyles = (theme: GrafanaTheme2) => ({
  chart: css({ position: 'relative', minWidth: 0 }),
  hover: css({
    ...{ position: 'absolute', pointerEvents: 'none', zIndex: theme.zIndex.tooltip, whiteSpace: 'nowrap' },
    ...{ margin: theme.spacing(1), padding: theme.spacing(1), borderRadius: theme.shape.radius.default },
    ...{ background: theme.colors.background.secondary, border: `1px solid ${theme.colors.border.medium}` },
    fontVariantNumeric: 'tabular-nums',
  }),
});
