import type { EChartsCoreOption } from "echarts/core";
import type { ChartKind, ChartSpec, Column, Language, Scalar, Table } from "@/api/types";
import { columnIn, columnLabel, compact, formatSpoken } from "../format";
import { base, type ChartLook, categoryAxis, GRID, legendRow, lies, tooltipBox, valueAxis } from "./look";

const RICH: ReadonlySet<ChartKind> = new Set<ChartKind>(["waterfall", "radar", "band", "heatmap"]);

/** Kinds that are more than series over categories. */
export function isRich(kind: ChartKind): boolean {
  return RICH.has(kind);
}

const text = (value: Scalar | undefined) => (value === null || value === undefined ? "—" : String(value));
const figure = (value: Scalar | undefined) => (typeof value === "number" ? value : null);

/** The columns that a spec names, by their place in the rows. */
function places(spec: ChartSpec, table: Table) {
  const at = (name: string | null) => table.columns.findIndex((column) => column.name === name);
  return { x: at(spec.x), y: spec.y.map(at).filter((index) => index >= 0), series: at(spec.series) };
}

function said(table: Table, row: readonly Scalar[] | undefined, at: number, language: Language): string {
  const column = table.columns[at];
  return column ? formatSpoken(row?.[at], columnIn(table, row, column), language) : "—";
}

/** How many things the chart shows: for its name. */
export function richCount(spec: ChartSpec, table: Table): number {
  const { x } = places(spec, table);
  return new Set(table.rows.map((row) => text(row[x]))).size;
}

export function richHeight(spec: ChartSpec, table: Table): number {
  const { x, series } = places(spec, table);
  const names = [...new Set(table.rows.map((row) => text(row[x])))];
  switch (spec.kind) {
    case "radar":
      return 340;
    case "heatmap":
      return Math.min(
        720,
        90 + 30 * (series < 0 ? 1 : new Set(table.rows.map((row) => text(row[series]))).size),
      );
    case "band": {
      const { members, periods } = bandData(spec, table);
      return periods.length === 1 ? Math.min(720, 70 + 30 * members.length) : 300;
    }
    default:
      return lies(names) ? Math.min(720, 64 + names.length * 30) : 300;
  }
}

/** The ECharts option of a kind of its own. */
export function richOption(spec: ChartSpec, table: Table, look: ChartLook): EChartsCoreOption {
  switch (spec.kind) {
    case "waterfall":
      return waterfall(spec, table, look);
    case "radar":
      return radar(spec, table, look);
    case "heatmap":
      return heatmap(spec, table, look);
    default:
      return band(spec, table, look);
  }
}

export interface Step {
  name: string;
  from: number;
  to: number;
  total: boolean;
}

/** Heights added from left to right; a row of kind `total` stands on the ground again. */
export function steps(spec: ChartSpec, table: Table): Step[] {
  const { x, y } = places(spec, table);
  const kind = table.columns.findIndex((column) => column.name === "kind");
  let reached = 0;
  return table.rows.map((row) => {
    const height = figure(row[y[0] ?? -1]) ?? 0;
    const total = kind >= 0 && row[kind] === "total";
    const from = total ? 0 : reached;
    reached = from + height;
    return { name: text(row[x]), from, to: reached, total };
  });
}

interface Api {
  value: (dimension: number) => number;
  coord: (point: [number, number]) => [number, number];
  size: (span: [number, number]) => [number, number];
}

function waterfall(spec: ChartSpec, table: Table, look: ChartLook): EChartsCoreOption {
  const { palette, language, narrow } = look;
  const { y } = places(spec, table);
  const data = steps(spec, table);
  const names = data.map(({ name }) => name);
  const lying = narrow || lies(names);
  const column = table.columns[y[0] ?? -1];
  const value = valueAxis(look, column?.unit === "ratio", lying ? 3 : 4);
  const category = categoryAxis(look, names, lying);
  const colour = (step: Step) =>
    step.total ? palette.series[3] : step.to >= step.from ? palette.primary : palette.signal;
  return {
    ...base(look),
    tooltip: {
      ...tooltipBox(palette),
      trigger: "item",
      formatter: ({ dataIndex }: { dataIndex: number }) =>
        `${names[dataIndex]}\n${said(table, table.rows[dataIndex], y[0] ?? -1, language)}`,
    },
    grid: { ...GRID, top: 40, right: 56 },
    xAxis: lying ? value : category,
    yAxis: lying ? category : value,
    series: [
      {
        type: "custom",
        encode: lying ? { x: [1, 2], y: 0 } : { x: 0, y: [1, 2] },
        data: data.map((step, index) => [index, step.from, step.to]),
        renderItem: (_: unknown, api: Api) => {
          const index = api.value(0);
          const step = data[index];
          if (!step) return null;
          const point = (at: number) => api.coord(lying ? [at, index] : [index, at]);
          const [x1, y1] = point(api.value(1));
          const [x2, y2] = point(api.value(2));
          const [wide, high] = api.size([1, 1]);
          const thick = Math.min(36, (lying ? high : wide) * 0.62);
          const shape = lying
            ? { x: Math.min(x1, x2), y: y1 - thick / 2, width: Math.max(1, Math.abs(x2 - x1)), height: thick }
            : {
                x: x1 - thick / 2,
                y: Math.min(y1, y2),
                width: thick,
                height: Math.max(1, Math.abs(y2 - y1)),
              };
          const height = step.to - step.from;
          return {
            type: "group",
            children: [
              { type: "rect", shape: { ...shape, r: 2 }, style: { fill: colour(step) } },
              {
                type: "text",
                style: {
                  text: `${!step.total && height > 0 ? "+" : ""}${compact(height, language)}`,
                  fill: palette.textSoft,
                  fontSize: 11,
                  ...(lying
                    ? { x: shape.x + shape.width + 5, y: y1, verticalAlign: "middle" }
                    : { x: x1, y: shape.y - 5, align: "center", verticalAlign: "bottom" }),
                },
              },
            ],
          };
        },
      },
    ],
  };
}

/** More members than this would be a knot of lines. */
const RADAR_MOST = 8;

function radar(spec: ChartSpec, table: Table, look: ChartLook): EChartsCoreOption {
  const { palette, language, narrow } = look;
  const { x, y } = places(spec, table);
  const rows = table.rows.slice(0, RADAR_MOST);
  const axes = y.map((at) => table.columns[at] as Column);
  return {
    ...base(look),
    // lines apart from each other: the pale second colour of bars comes last
    color: [0, 2, 3, 4, 5, 6, 7, 1].map((at) => palette.series[at] ?? palette.primary),
    legend: rows.length > 1 ? legendRow(look) : { show: false },
    tooltip: {
      ...tooltipBox(palette),
      trigger: "item",
      formatter: ({ dataIndex }: { dataIndex: number }) => {
        const row = rows[dataIndex];
        const lines = y.map((at, index) => {
          const axis = axes[index] as Column;
          return `${columnLabel(axis, language)}  ${said(table, row, at, language)}`;
        });
        return [text(row?.[x]), ...lines].join("\n");
      },
    },
    radar: {
      indicator: axes.map((axis) => ({ name: columnLabel(axis, language), max: 100, min: 0 })),
      radius: narrow ? "60%" : "66%",
      center: ["50%", rows.length > 1 ? "56%" : "52%"],
      axisName: { color: palette.textSoft, fontSize: 12 },
      splitNumber: 4,
      splitLine: { lineStyle: { color: palette.line } },
      axisLine: { lineStyle: { color: palette.line } },
      splitArea: { show: false },
    },
    series: [
      {
        type: "radar",
        symbolSize: 5,
        data: rows.map((row) => ({
          name: text(row[x]),
          value: y.map((at) => figure(row[at]) ?? "-"),
          lineStyle: { width: 2 },
          areaStyle: { opacity: rows.length === 1 ? 0.18 : rows.length <= 3 ? 0.08 : 0 },
        })),
      },
    ],
  };
}

function heatmap(spec: ChartSpec, table: Table, look: ChartLook): EChartsCoreOption {
  const { palette, language } = look;
  const { x, y, series } = places(spec, table);
  const measure = y[0] ?? -1;
  const columns = [...new Set(table.rows.map((row) => text(row[x])))];
  const rows = series < 0 ? [""] : [...new Set(table.rows.map((row) => text(row[series])))];
  const values = table.rows.map((row) => figure(row[measure])).filter((value) => value !== null);
  const low = Math.min(0, ...values);
  const high = Math.max(0, ...values);
  const reach = Math.max(-low, high);
  const [min, max] = low < 0 ? [-reach, reach] : [low, high];
  return {
    ...base(look),
    tooltip: {
      ...tooltipBox(palette),
      trigger: "item",
      formatter: ({ dataIndex }: { dataIndex: number }) => {
        const row = table.rows[dataIndex];
        const names = [text(row?.[x]), ...(series < 0 ? [] : [text(row?.[series])])].join(" · ");
        return `${names}\n${said(table, row, measure, language)}`;
      },
    },
    visualMap: {
      show: false,
      min,
      max: max === min ? min + 1 : max,
      inRange: {
        color:
          low < 0
            ? [palette.signal, palette.signalSoft, palette.sunken, palette.primarySoft, palette.primary]
            : [palette.sunken, palette.primarySoft, palette.primary],
      },
    },
    grid: { ...GRID, top: 40, right: 4 },
    xAxis: categoryAxis(look, columns, false),
    yAxis: { ...categoryAxis(look, rows, true), axisLine: { show: false } },
    series: [
      {
        type: "heatmap",
        data: table.rows.map((row) => [
          columns.indexOf(text(row[x])),
          series < 0 ? 0 : rows.indexOf(text(row[series])),
          figure(row[measure]) ?? "-",
        ]),
        itemStyle: { borderColor: palette.surface, borderWidth: 2, borderRadius: 3 },
        label: { show: false },
      },
    ],
  };
}

interface Point {
  middle: number | null;
  low: number | null;
  high: number | null;
  lowest: number | null;
  highest: number | null;
  /** Its row, for the tooltip. */
  row: number;
}

/** Middle, low, high (and wider low, high) of each member in each period. */
export function bandData(spec: ChartSpec, table: Table) {
  const { x, y, series } = places(spec, table);
  const periods = [...new Set(table.rows.map((row) => text(row[x])))];
  const at = new Map(periods.map((period, index) => [period, index]));
  const members = new Map<string, (Point | null)[]>();
  table.rows.forEach((row, index) => {
    const name = series < 0 ? "" : text(row[series]);
    const points = members.get(name) ?? periods.map(() => null);
    members.set(name, points);
    const [middle, low, high, lowest, highest] = y.map((column) => figure(row[column]));
    points[at.get(text(row[x])) ?? 0] = {
      middle: middle ?? null,
      low: low ?? null,
      high: high ?? null,
      lowest: lowest ?? null,
      highest: highest ?? null,
      row: index,
    };
  });
  return { periods, members: [...members].map(([name, points]) => ({ name, points })) };
}

function band(spec: ChartSpec, table: Table, look: ChartLook): EChartsCoreOption {
  const { palette, language } = look;
  const { y } = places(spec, table);
  const { periods, members } = bandData(spec, table);
  const column = table.columns[y[0] ?? -1];
  const ratio = column?.unit === "ratio";
  const lines = (point: Point | null | undefined) =>
    point
      ? y.map((at) => {
          const named = table.columns[at] as Column;
          return `${columnLabel(named, language)}  ${said(table, table.rows[point.row], at, language)}`;
        })
      : [];
  if (periods.length === 1) return whiskers(members, look, ratio, lines);
  const shown = members.length <= 3; // more bands than that hide each other
  return {
    ...base(look),
    legend: { ...legendRow(look), data: members.map(({ name }) => name).filter(Boolean) },
    tooltip: {
      ...tooltipBox(palette),
      trigger: "axis",
      axisPointer: { type: "line", lineStyle: { color: palette.lineStrong } },
      formatter: (hits: { dataIndex: number }[]) => {
        const index = hits[0]?.dataIndex ?? 0;
        const told = members.flatMap(({ name, points }) => {
          const point = points[index];
          if (!point) return [];
          if (members.length === 1) return lines(point);
          return [`${name}  ${said(table, table.rows[point.row], y[0] ?? -1, language)}`];
        });
        return [periods[index] ?? "", ...told].join("\n");
      },
    },
    grid: GRID,
    xAxis: { ...categoryAxis(look, periods, false), boundaryGap: false },
    yAxis: { ...valueAxis(look, ratio), scale: true },
    series: members.flatMap(({ name, points }, index) => {
      const colour = palette.series[index === 1 ? 2 : index % palette.series.length] ?? palette.primary;
      const line = {
        name,
        type: "line",
        data: points.map((point) => point?.middle ?? null),
        color: colour,
        lineStyle: { width: 2 },
        symbolSize: 6,
        showSymbol: periods.length <= 24,
        z: 4,
      };
      if (!shown) return [line];
      return [
        ...area(points, "lowest", "highest", colour, 0.1, `${name} 95`),
        ...area(points, "low", "high", colour, 0.18, `${name} 80`),
        line,
      ];
    }),
  };
}

/** The room between two lines: an unseen one below, and what stands on it, filled. */
function area(
  points: readonly (Point | null)[],
  low: "low" | "lowest",
  high: "high" | "highest",
  color: string,
  opacity: number,
  stack: string,
) {
  if (points.every((point) => point === null || point[low] === null)) return [];
  const unseen = {
    type: "line",
    stack,
    stackStrategy: "all",
    symbol: "none",
    silent: true,
    lineStyle: { opacity: 0 },
    tooltip: { show: false },
    legendHoverLink: false,
  };
  const span = (point: Point | null) => {
    const [from, to] = [point?.[low] ?? null, point?.[high] ?? null];
    return from === null || to === null ? null : to - from;
  };
  return [
    { ...unseen, data: points.map((point) => point?.[low] ?? null) },
    { ...unseen, data: points.map(span), areaStyle: { color, opacity } },
  ];
}

/** One period: the members below each other, a point with its intervals as bars. */
function whiskers(
  members: readonly { name: string; points: (Point | null)[] }[],
  look: ChartLook,
  ratio: boolean,
  lines: (point: Point | null | undefined) => string[],
): EChartsCoreOption {
  const { palette } = look;
  const all = members.map(({ points }) => points[0]);
  const value = (point: Point | null | undefined) =>
    point
      ? [point.middle, point.low, point.high, point.lowest ?? point.low, point.highest ?? point.high]
      : [null, null, null, null, null];
  return {
    ...base(look),
    tooltip: {
      ...tooltipBox(palette),
      trigger: "item",
      formatter: ({ dataIndex }: { dataIndex: number }) =>
        [members[dataIndex]?.name ?? "", ...lines(all[dataIndex])].join("\n"),
    },
    grid: { ...GRID, top: 36 },
    xAxis: { ...valueAxis(look, ratio, 3), scale: true },
    yAxis: categoryAxis(
      look,
      members.map(({ name }) => name),
      true,
    ),
    series: [
      {
        type: "custom",
        encode: { y: 0, x: [1, 2, 3, 4, 5] },
        data: all.map((point, index) => [index, ...value(point)]),
        renderItem: (_: unknown, api: Api) => {
          const index = api.value(0);
          const at = (dimension: number) => api.coord([api.value(dimension), index]);
          const [x, y] = at(1);
          const bar = (from: number, to: number, height: number, opacity: number) => {
            const [x1] = at(from);
            const [x2] = at(to);
            if (Number.isNaN(x1) || Number.isNaN(x2)) return [];
            const shape = { x: x1, y: y - height / 2, width: Math.max(1, x2 - x1), height, r: height / 2 };
            return [{ type: "rect", shape, style: { fill: palette.primary, opacity } }];
          };
          if (Number.isNaN(x)) return null;
          return {
            type: "group",
            children: [
              ...bar(4, 5, 4, 0.25),
              ...bar(2, 3, 10, 0.3),
              { type: "circle", shape: { cx: x, cy: y, r: 5 }, style: { fill: palette.primary } },
            ],
          };
        },
      },
    ],
  };
}
