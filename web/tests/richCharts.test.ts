import { describe, expect, it } from "vitest";
import type { ChartSpec, Column, Table } from "@/api/types";
import type { ChartLook } from "@/lib/charts/look";
import { bandData, isRich, richCount, richHeight, richOption, steps } from "@/lib/charts/rich";
import { palettes } from "@/theme/palette";

const look: ChartLook = { palette: palettes.light, language: "zh", animate: false, narrow: false };
const spec = (kind: ChartSpec["kind"], over: Partial<ChartSpec>): ChartSpec => ({
  kind,
  citation: 1,
  x: "partner",
  y: ["contribution"],
  series: null,
  ...over,
});
const text = (name: string): Column => ({ name, unit: "text" });
const money = (name: string): Column => ({
  name,
  unit: "money",
  currency: "CNY",
  label: { zh: name, en: name },
});

describe("waterfall", () => {
  const table: Table = {
    columns: [text("partner"), money("contribution"), text("kind")],
    rows: [
      ["甲", 30, "member"],
      ["乙", -50, "member"],
      ["其他", 5, "other"],
      ["合计", -15, "total"],
    ],
  };
  it("adds from left to right, across zero, and the total stands on the ground", () => {
    expect(steps(spec("waterfall", {}), table).map(({ from, to }) => [from, to])).toEqual([
      [0, 30],
      [30, -20],
      [-20, -15],
      [0, -15],
    ]);
  });
  it("says a step's figure with its unit", () => {
    const option = richOption(spec("waterfall", {}), table, look) as {
      tooltip: { formatter: (hit: { dataIndex: number }) => string; renderMode: string };
    };
    expect(option.tooltip.renderMode).toBe("richText");
    expect(option.tooltip.formatter({ dataIndex: 1 })).toBe("乙\n-50.00元");
  });
  it("draws each step where the axes put it", () => {
    const option = richOption(spec("waterfall", {}), table, look) as {
      series: {
        renderItem: (at: unknown, api: unknown) => { children: { shape?: Record<string, number> }[] };
      }[];
    };
    const values = [1, 30, -20]; // the second step falls from 30 to -20; one unit is one pixel
    const drawn = option.series[0]?.renderItem(null, {
      value: (at: number) => values[at],
      coord: ([x, y]: [number, number]) => [x * 100, 200 - y],
      size: () => [100, 10],
    });
    expect(drawn?.children[0]?.shape).toMatchObject({ y: 170, height: 50, width: 36, x: 82 });
  });
});

describe("radar", () => {
  const table: Table = {
    columns: [text("region"), { name: "results", unit: "quantity" }, { name: "payment", unit: "quantity" }],
    rows: [
      ["华东", 60, null],
      ["华南", 70, 80],
    ],
  };
  it("has an axis per measure from 0 to 100, and leaves out what is missing", () => {
    const option = richOption(spec("radar", { x: "region", y: ["results", "payment"] }), table, look) as {
      radar: { indicator: { name: string; max: number }[] };
      series: { data: { name: string; value: unknown[] }[] }[];
    };
    expect(option.radar.indicator.map(({ max }) => max)).toEqual([100, 100]);
    expect(option.series[0]?.data.map(({ value }) => value)).toEqual([
      [60, "-"],
      [70, 80],
    ]);
  });
});

describe("heat map", () => {
  const table: Table = {
    columns: [text("month"), text("region"), { name: "rate", unit: "ratio" }],
    rows: [
      ["1月", "华东", -0.1],
      ["2月", "华东", 0.4],
      ["1月", "华南", null],
    ],
  };
  const asked = spec("heatmap", { x: "month", y: ["rate"], series: "region" });
  it("sets columns against rows, and zero in the middle of its colours", () => {
    const option = richOption(asked, table, look) as {
      visualMap: { min: number; max: number };
      series: { data: unknown[] }[];
    };
    expect(option.visualMap).toMatchObject({ min: -0.4, max: 0.4 });
    expect(option.series[0]?.data).toEqual([
      [0, 0, -0.1],
      [1, 0, 0.4],
      [0, 1, "-"],
    ]);
    expect(richCount(asked, table)).toBe(2);
    expect(richHeight(asked, table)).toBe(150); // 90 and 30 for each of two rows
  });
});

describe("band", () => {
  const columns = [text("period"), text("region"), money("forecast"), money("lo80"), money("hi80")];
  const y = ["forecast", "lo80", "hi80"];
  const asked = spec("band", { x: "period", y, series: "region" });
  it("keeps each member's points in the order of periods", () => {
    const table: Table = {
      columns,
      rows: [
        ["11月", "华东", 10, 8, 13],
        ["12月", "华东", 11, 9, 14],
        ["12月", "华南", 5, 4, 6],
      ],
    };
    const { periods, members } = bandData(asked, table);
    expect(periods).toEqual(["11月", "12月"]);
    expect(members.map(({ name, points }) => [name, points.map((point) => point?.middle ?? null)])).toEqual([
      ["华东", [10, 11]],
      ["华南", [null, 5]],
    ]);
    const option = richOption(asked, table, look) as { series: { areaStyle?: unknown }[] };
    expect(option.series.filter(({ areaStyle }) => areaStyle)).toHaveLength(2);
  });
  it("lays members below each other where there is one period", () => {
    const table: Table = { columns, rows: [["2027-Q1", "华东", 10, 8, 13]] };
    const option = richOption(asked, table, look) as {
      yAxis: { data: string[] };
      tooltip: { formatter: (hit: { dataIndex: number }) => string };
    };
    expect(option.yAxis.data).toEqual(["华东"]);
    expect(option.tooltip.formatter({ dataIndex: 0 })).toBe(
      "华东\nforecast  10.00元\nlo80  8.00元\nhi80  13.00元",
    );
  });
});

it("knows which kinds are more than series", () => {
  expect((["bar", "line", "waterfall", "radar", "band", "heatmap"] as const).filter(isRich)).toHaveLength(4);
});
