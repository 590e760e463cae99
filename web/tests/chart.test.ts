import { describe, expect, it } from "vitest";
import type { ChartSpec, Table } from "@/api/types";
import { chartData, chartHeight, chartOption, isHorizontal } from "@/lib/chartOption";
import { palettes } from "@/theme/palette";

const spec = (over: Partial<ChartSpec>): ChartSpec => ({
  kind: "bar",
  citation: 1,
  x: "month",
  y: ["amount"],
  series: null,
  ...over,
});
const table: Table = {
  columns: [
    { name: "month", unit: "text", label: { zh: "月份", en: "month" } },
    { name: "region", unit: "text", label: { zh: "大区", en: "region" } },
    { name: "amount", unit: "money", currency: "CNY", label: { zh: "销售额", en: "sales" } },
  ],
  rows: [
    ["2026-01", "华东", 5],
    ["2026-01", "华南", 3],
    ["2026-02", "华南", 0],
    ["2026-03", "华东", null],
  ],
};

describe("chart data", () => {
  it("pivots a series column; what is missing stays missing and zero stays zero", () => {
    const data = chartData(spec({ kind: "line", series: "region" }), table, "zh");
    expect(data.categories).toEqual(["2026-01", "2026-02", "2026-03"]);
    expect(data.series.map(({ name, values }) => [name, values])).toEqual([
      ["华东", [5, null, null]],
      ["华南", [3, 0, null]],
    ]);
  });

  it("sets the members side by side where there is one point in time", () => {
    const one = { columns: table.columns, rows: table.rows.slice(0, 2) };
    const line = spec({ kind: "line", series: "region" });
    const data = chartData(line, one, "zh");
    expect(data).toMatchObject({ categories: ["华东", "华南"], transposed: true });
    expect(data.series[0]?.values).toEqual([5, 3]);
  });

  it("names measures in the reader's language", () => {
    expect(chartData(spec({}), table, "en").series[0]?.name).toBe("Sales");
  });
});

describe("chart shape", () => {
  const bars = (names: string[]) =>
    chartData(spec({ x: "region" }), { columns: table.columns, rows: names.map((n) => ["x", n, 1]) }, "zh");

  it("lays bars down when their names are long", () => {
    const long = bars([
      "鸿禾企业服务（绵阳）有限公司",
      "芜湖景维系统集成有限公司",
      "沐柏软件（曲靖）有限公司",
    ]);
    expect(isHorizontal(spec({}), long)).toBe(true);
    expect(isHorizontal(spec({ kind: "line" }), long)).toBe(false);
    expect(isHorizontal(spec({}), bars(["华东", "华南", "华北"]))).toBe(false);
    expect(chartHeight(spec({}), long)).toBe(64 + 3 * 28);
  });

  it("draws tooltips without HTML, with figures as people say them", () => {
    const data = chartData(spec({ series: "region" }), table, "zh");
    const option = chartOption(spec({ series: "region" }), data, {
      palette: palettes.light,
      language: "zh",
      animate: false,
      narrow: false,
    }) as { tooltip: { renderMode: string; formatter: (hit: unknown) => string } };
    expect(option.tooltip.renderMode).toBe("richText");
    const hit = { dataIndex: 0, seriesIndex: 0, name: "2026-01" };
    expect(option.tooltip.formatter([hit])).toBe("2026-01\n华东  5.00元");
  });
});
