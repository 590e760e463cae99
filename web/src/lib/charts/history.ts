import type { Table } from "@/api/types";
import { rowsOf } from "../rows";

export interface HistoryPoint {
  row: number;
  forecast: boolean;
  value: number | null;
  lo80: number | null;
  hi80: number | null;
  lo95: number | null;
  hi95: number | null;
}

const span = (low: number | null, high: number | null) => (low === null || high === null ? null : high - low);

/**
 * Rows of `forecast_series` (period_start, kind, value and bounds) as lines and bands. The forecast
 * begins at the last actual, so that the line does not break and the bands open from a point.
 */
export function bandSeries(table: Table) {
  const rows = rowsOf(table);
  const points: HistoryPoint[] = rows.map((row) => ({
    row: row.index,
    forecast: row.text("kind") === "forecast",
    value: row.number("value"),
    lo80: row.number("lo80"),
    hi80: row.number("hi80"),
    lo95: row.number("lo95"),
    hi95: row.number("hi95"),
  }));
  const labels = rows.map((row) => row.text("period") || label(row.text("period_start")));
  const joint = points.findIndex(({ forecast }) => forecast) - 1;
  const bound = (name: "lo80" | "hi80" | "lo95" | "hi95") =>
    points.map((point, at) => (point.forecast ? point[name] : at === joint ? point.value : null));
  const [lo80, hi80, lo95, hi95] = [bound("lo80"), bound("hi80"), bound("lo95"), bound("hi95")];
  return {
    labels,
    points,
    actual: points.map(({ forecast, value }) => (forecast ? null : value)),
    forecast: points.map(({ forecast, value }, at) => (forecast || at === joint ? value : null)),
    lo80,
    lo95,
    span80: lo80.map((low, at) => span(low, hi80[at] ?? null)),
    span95: lo95.map((low, at) => span(low, hi95[at] ?? null)),
  };
}

/** A month by its name, 2026-11; a week by its first day. */
function label(start: string): string {
  return start.endsWith("-01") ? start.slice(0, 7) : start;
}
