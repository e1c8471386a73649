/**
 * Stand-ins for Grafana's built-in panels, of its published components: table, stat, time series, bar gauge, text. Every
 * other built-in panel is a box that says so. Our own panels come from dist/.
 */
import {
  cacheFieldDisplayNames,
  type DataFrame,
  type DisplayValueAlignmentFactors,
  FieldColorModeId,
  FieldConfigProperty,
  type FieldDisplay,
  getDisplayValueAlignmentFactors,
  getFieldDisplayValues,
  PanelPlugin,
  type PanelProps,
  ReducerID,
  renderTextPanelMarkdown,
  VizOrientation,
} from '@grafana/data';
import { config, setPluginImportUtils } from '@grafana/runtime';
import {
  BarGauge,
  BarGaugeDisplayMode,
  BigValue,
  BigValueColorMode,
  BigValueGraphMode,
  DataLinksContextMenu,
  Select,
  TimeSeries,
  TooltipPlugin,
  useTheme2,
  VizRepeater,
} from '@grafana/ui';
import { TableNG } from '@grafana/ui/unstable';
import { cloneElement, type ReactElement, useMemo, useState } from 'react';

import { importPanel } from './loader';
import { fieldOption } from './registries';

/** Options as they stand in dashboards' JSON. */
type Options = Record<string, any>;
type Props = PanelProps<Options>;

/** What a panel without data says. */
function Empty({ data, fieldConfig }: Props) {
  const said = data.errors?.length ? '' : (fieldConfig.defaults.noValue ?? 'No data');
  return <p style={{ textAlign: 'center', paddingTop: 16 }}>{said}</p>;
}

const isEmpty = (frames: DataFrame[]) => frames.every(({ length, fields }) => length === 0 || fields.length === 0);

function TablePanel(props: Props) {
  const { data, width, height, options, fieldConfig, timeRange } = props;
  const [chosen, choose] = useState<number>();
  const at = Math.min(chosen ?? options.frameIndex ?? 0, data.series.length - 1);
  const frame = useMemo(() => data.series[at] && drawn(data.series[at], options), [data.series, at, options]);
  if (!frame || frame.length === 0) {
    return <Empty {...props} />;
  }
  const named = data.series.map(({ name, refId }, value) => ({ value, label: name || refId || `Frame ${value + 1}` }));
  const below = named.length > 1 ? 40 : 0;
  return (
    <>
      <TableNG
        {...{ data: frame, width, height: height - below, fieldConfig, timeRange }}
        {...{ noHeader: !(options.showHeader ?? true), resizable: true, cellHeight: options.cellHeight }}
        {...{ sortBy: options.sortBy, structureRev: data.structureRev }}
        enablePagination={options.footer?.enablePagination}
      />
      {below > 0 && (
        <div style={{ paddingTop: 8 }}>
          <Select aria-label="Frame" options={named} value={at} onChange={({ value }) => choose(value)} />
        </div>
      )}
    </>
  );
}

/** The frame without hidden fields, with a footer where older dashboards ask for one. */
function drawn(frame: DataFrame, { footer }: Options): DataFrame {
  const reducers = footer?.show ? (footer.countRows ? ['countAll'] : footer.reducer) : undefined;
  const fields = frame.fields
    .filter((field) => !field.config.custom?.hidden)
    .map((field, i) => {
      const counted = reducers && (!footer.countRows || i === 0);
      return counted
        ? { ...field, config: { ...field.config, custom: { ...field.config.custom, footer: { reducers } } } }
        : field;
    });
  const shown = { ...frame, fields };
  cacheFieldDisplayNames([shown]);
  return shown;
}

function TimeSeriesPanel(props: Props) {
  const { data, width, height, options, timeRange, timeZone } = props;
  if (isEmpty(data.series)) {
    return <Empty {...props} />;
  }
  const legend: any = { displayMode: 'list', placement: 'bottom', showLegend: true, calcs: [], ...options.legend };
  const frames = data.series;
  return (
    <TimeSeries {...{ frames, structureRev: data.structureRev, width, height, timeRange, timeZone, legend }}>
      {(builder, aligned) => (
        <TooltipPlugin {...{ config: builder, data: aligned, timeZone, mode: options.tooltip?.mode ?? 'single' }} />
      )}
    </TimeSeries>
  );
}

type Draw = (value: FieldDisplay, width: number, height: number, all?: DisplayValueAlignmentFactors) => ReactElement;

/** One value after the other, drawn by `draw`, with its links. */
function Values(props: Props & { draw: Draw }) {
  const { data, width, height, options, fieldConfig, replaceVariables, timeZone, renderCounter, draw } = props;
  const theme = useTheme2();
  if (isEmpty(data.series)) {
    return <Empty {...props} />;
  }
  const { orientation = VizOrientation.Auto, minVizHeight } = options;
  const reduceOptions = { calcs: [ReducerID.lastNotNull], values: false, ...options.reduceOptions };
  const getValues = () =>
    getFieldDisplayValues({ fieldConfig, reduceOptions, replaceVariables, theme, data: data.series, timeZone });
  return (
    <VizRepeater<FieldDisplay, DisplayValueAlignmentFactors>
      {...{ getValues, width, height, renderCounter, source: data }}
      {...{ orientation, minVizHeight, autoGrid: true }}
      getAlignmentFactors={getDisplayValueAlignmentFactors}
      renderValue={({ value, width, height, alignmentFactors }) => {
        const drawnValue = draw(value, width, height, alignmentFactors);
        return value.hasLinks && value.getLinks ? (
          <DataLinksContextMenu links={value.getLinks}>
            {({ openMenu, targetClassName }) =>
              cloneElement(drawnValue, { onClick: openMenu, className: targetClassName } as object)
            }
          </DataLinksContextMenu>
        ) : (
          drawnValue
        );
      }}
    />
  );
}

function StatPanel(props: Props) {
  const { colorMode, graphMode, justifyMode, textMode, text } = props.options;
  const theme = useTheme2();
  return (
    <Values
      {...props}
      draw={({ display, sparkline }, width, height) => (
        <BigValue
          {...{ value: display, width, height, theme, text, justifyMode, textMode }}
          colorMode={colorMode ?? BigValueColorMode.Value}
          graphMode={graphMode ?? BigValueGraphMode.Area}
          sparkline={sparkline}
        />
      )}
    />
  );
}

function BarGaugePanel(props: Props) {
  const { displayMode, showUnfilled, valueMode, text } = props.options;
  const theme = useTheme2();
  return (
    <Values
      {...props}
      draw={({ display, field, view, colIndex }, width, height, alignmentFactors) => (
        <BarGauge
          {...{ value: display, field, width, height, theme, text, showUnfilled, alignmentFactors }}
          valueDisplayMode={valueMode}
          display={view?.getFieldDisplayProcessor(colIndex ?? 0)}
          orientation={props.options.orientation ?? VizOrientation.Horizontal}
          displayMode={displayMode ?? BarGaugeDisplayMode.Gradient}
        />
      )}
    />
  );
}

function TextPanel({ options: { content = '', mode }, replaceVariables }: Props) {
  const text = replaceVariables(content, {}, mode === 'html' ? 'html' : undefined);
  const html = renderTextPanelMarkdown(text);
  return mode === 'code' ? (
    <pre>{text}</pre>
  ) : (
    <div className="markdown-html" dangerouslySetInnerHTML={{ __html: html }} />
  );
}

/** Each stand-in with the names of its own field options, which overrides may set. */
const STAND_INS: Record<string, [component: React.ComponentType<Props>, custom: string]> = {
  table: [TablePanel, 'align cellOptions width minWidth hidden hideFrom inspect filterable footer wrapText'],
  timeseries: [
    TimeSeriesPanel,
    'drawStyle lineInterpolation lineWidth lineStyle barAlignment fillOpacity gradientMode showPoints pointSize ' +
      'spanNulls stacking axisPlacement axisLabel axisSoftMin axisSoftMax hideFrom',
  ],
  stat: [StatPanel, ''],
  bargauge: [BarGaugePanel, ''],
  text: [TextPanel, ''],
};

const THRESHOLDS = {
  mode: 'absolute',
  steps: [
    { value: -Infinity, color: 'green' },
    { value: 80, color: 'red' },
  ],
};

function standIn(id: string): PanelPlugin | undefined {
  if (!STAND_INS[id]) {
    return undefined;
  }
  const [component, custom] = STAND_INS[id];
  const mode = id === 'timeseries' ? FieldColorModeId.PaletteClassic : FieldColorModeId.Thresholds;
  const plugin = new PanelPlugin<Options, Options>(component as never).useFieldConfig({
    standardOptions: {
      [FieldConfigProperty.Color]: { defaultValue: { mode } },
      [FieldConfigProperty.Thresholds]: { defaultValue: THRESHOLDS },
    },
    useCustomConfig: (builder) => {
      custom
        .split(' ')
        .filter(Boolean)
        .forEach((path) => builder.addCustomEditor(fieldOption(path)));
    },
  });
  return named(plugin, id, id);
}

const NAMES: Record<string, string> = {
  nodeGraph: 'Node graph',
  barchart: 'Bar chart',
  piechart: 'Pie chart',
  geomap: 'Geomap',
};

function missing(id: string): PanelPlugin {
  const name = NAMES[id] ?? id;
  return named(
    new PanelPlugin(() => <p style={{ padding: 16, textAlign: 'center' }}>{`${name}: needs Grafana`}</p>),
    id,
    name
  );
}

function named<T extends PanelPlugin<any, any>>(plugin: T, id: string, name: string): PanelPlugin {
  plugin.meta = { id, name, module: '', baseUrl: '', type: 'panel', info: {}, sort: 0 } as never;
  return plugin as unknown as PanelPlugin;
}

const loaded = new Map<string, PanelPlugin>();

export function setPanels() {
  setPluginImportUtils({
    getPanelPluginFromCache: (id) => loaded.get(id),
    importPanelPlugin: async (id) => {
      const own = config.panels[id];
      const plugin = loaded.get(id) ?? standIn(id) ?? (own ? await importPanel(own) : missing(id));
      loaded.set(id, plugin);
      return plugin;
    },
  });
}
