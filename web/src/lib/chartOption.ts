import type { EChartsCoreOption } from "echarts/core";
import type { ChartSpec, Column, Language, Scalar, Table } from "@/api/types";
import { fontFamily } from "@/theme/palette";
import {
  base,
  type ChartLook,
  categoryAxis,
  GRID,
  legendRow,
  lies,
  tooltipBox,
  valueAxis,
} from "./charts/look";
import { columnIn, columnLabel, formatSpoken } from "./format";

interface Series {
  name: string;
  column: Column;
  values: (number | null)[];
  /** The unit of each value, where units differ by row. */
  columns?: Column[];
}
export interface ChartData {
  categories: string[];
  series: Series[];
  /** The x column held one value, so the members of the series column became the categories. */
  transposed?: boolean;
}

/**
 * A spec and its rows as categories and series. Members of a `series` column become series, of the
 * first measure only: now and before of each would be twice as many lines as one can follow.
 */
export function chartData(spec: ChartSpec, table: Table, language: Language): ChartData {
  const at = (name: string) => table.columns.findIndex((column) => column.name === name);
  const x = at(spec.x);
  const split = spec.series === null ? -1 : at(spec.series);
  const measures = spec.y.map(at).filter((index) => index >= 0);
  const categories = [...new Set(table.rows.map((row) => text(row[x])))];
  // One point per line says nothing: the members themselves then stand side by side.
  if (split >= 0 && categories.length === 1)
    return { ...grouped(split, measures, table, language), transposed: true };
  if (split < 0) return grouped(x, measures, table, language);

  const place = new Map(categories.map((category, index) => [category, index]));
  const measure = measures[0] ?? -1;
  const column = table.columns[measure];
  const series = new Map<string, Series>();
  for (const row of column ? table.rows : []) {
    const name = text(row[split]);
    const entry = series.get(name) ?? { name, column: column as Column, values: categories.map(() => null) };
    series.set(name, entry);
    const value = row[measure];
    const index = place.get(text(row[x]));
    if (typeof value === "number" && index !== undefined) entry.values[index] = value;
  }
  return { categories, series: [...series.values()] };
}

/** One series per measure over the members of one column. */
function grouped(x: number, measures: number[], table: Table, language: Language): ChartData {
  const series = measures.flatMap((measure) => {
    const column = table.columns[measure];
    if (!column) return [];
    const values = table.rows.map((row) => (typeof row[measure] === "number" ? row[measure] : null));
    const columns =
      column.unit === "each" ? table.rows.map((row) => columnIn(table, row, column)) : undefined;
    return [{ name: columnLabel(column, language), column, values, ...(columns ? { columns } : {}) }];
  });
  return { categories: table.rows.map((row) => text(row[x])), series };
}

function text(value: Scalar | undefined): string {
  return value === null || value === undefined ? "—" : String(value);
}

/** How high a chart must be so that no label is dropped. */
export function chartHeight(spec: ChartSpec, data: ChartData): number {
  if (!isHorizontal(spec, data)) return 280;
  const thickness =
    spec.kind === "grouped_bar" || data.series.length > 1 ? 16 * Math.max(1, data.series.length) + 12 : 28;
  return Math.min(720, 64 + data.categories.length * thickness);
}

/** A line needs two points in time; members side by side are no line. */
function isLine(spec: ChartSpec, data: ChartData): boolean {
  return spec.kind === "line" && data.categories.length > 1 && !data.transposed;
}

/** Bars lie down when their names would not fit side by side. */
export function isHorizontal(spec: ChartSpec, data: ChartData): boolean {
  return !isLine(spec, data) && spec.kind !== "pie" && lies(data.categories);
}

/** The ECharts option of series over categories, or of a pie. */
export function chartOption(spec: ChartSpec, data: ChartData, look: ChartLook): EChartsCoreOption {
  const { palette, language } = look;
  const common: EChartsCoreOption = {
    ...base(look),
    tooltip: {
      ...tooltipBox(palette),
      trigger: spec.kind === "pie" ? "item" : "axis",
      axisPointer: {
        type: isLine(spec, data) ? "line" : "shadow",
        lineStyle: { color: palette.lineStrong },
        shadowStyle: { color: palette.lineStrong, opacity: 0.22 },
      },
      formatter: (hit: unknown) => tooltip(hit, data, language),
    },
    // One series has a legend too: it says what the axis measures. A pie's slices are labelled.
    legend: spec.kind === "pie" ? { show: false } : legendRow(look),
  };
  return spec.kind === "pie" ? { ...common, ...pie(data, look) } : { ...common, ...axes(spec, data, look) };
}

function axes(spec: ChartSpec, data: ChartData, look: ChartLook): EChartsCoreOption {
  const horizontal = isHorizontal(spec, data);
  const category = categoryAxis(look, data.categories, horizontal);
  const value = valueAxis(look, data.series[0]?.column.unit === "ratio", horizontal ? 3 : 4);
  return {
    grid: GRID,
    xAxis: horizontal ? value : category,
    yAxis: horizontal ? category : value,
    series: data.series.map((entry) => ({
      name: entry.name,
      data: entry.values,
      ...(isLine(spec, data)
        ? { type: "line", showSymbol: data.categories.length <= 24, symbolSize: 6, lineStyle: { width: 2 } }
        : {
            type: "bar",
            barMaxWidth: 36,
            barGap: "12%",
            itemStyle: { borderRadius: horizontal ? [0, 3, 3, 0] : [3, 3, 0, 0] },
            ...(spec.kind === "stacked_bar" ? { stack: "all" } : {}),
          }),
    })),
  };
}

function pie(data: ChartData, { palette }: ChartLook): EChartsCoreOption {
  const first = data.series[0];
  return {
    series: [
      {
        type: "pie",
        radius: ["44%", "70%"],
        top: 24,
        itemStyle: { borderColor: palette.surface, borderWidth: 2 },
        label: { color: palette.textSoft, fontFamily, formatter: "{b} {d}%" },
        data: data.categories.map((name, index) => ({ name, value: first?.values[index] ?? 0 })),
      },
    ],
  };
}

interface Hit {
  dataIndex: number;
  seriesIndex: number;
  name: string;
}

function tooltip(hit: unknown, data: ChartData, language: Language): string {
  const hits = (Array.isArray(hit) ? hit : [hit]) as Hit[];
  const lines = hits.map(({ dataIndex, seriesIndex }) => {
    const entry = data.series[seriesIndex];
    if (!entry) return "";
    return `${entry.name}  ${formatSpoken(entry.values[dataIndex] ?? null, entry.columns?.[dataIndex] ?? entry.column, language)}`;
  });
  return [hits[0]?.name ?? "", ...lines].join("\n");
}
