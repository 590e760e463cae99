import { describe, expect, it } from "vitest";
import type { SemanticModel } from "@/api/types";
import { bandSeries } from "@/lib/charts/history";
import { periodOf } from "@/lib/periods";
import { areProvinces, GRID_COLUMNS, GRID_ROWS, PROVINCES, provinceOf } from "@/lib/provinces";
import { changed, manyOf } from "@/lib/urlState";
import { forecastArguments, readSettings } from "@/pages/forecast/settings";
import {
  attainmentQuery,
  carried,
  headlineQuery,
  headlines,
  moversQuery,
  readOverviewFilter,
} from "@/pages/overview/filters";
import { heat } from "@/pages/overview/heat";
import { kpiGroups, peers } from "@/pages/partners/kpis";
import { arranged, joined, readListState } from "@/pages/partners/list";
import { figures } from "./samples";

const search = (text: string) => new URLSearchParams(text);

describe("periods, as the service reads them", () => {
  it("names the whole year and says that it is not over", () => {
    const year = periodOf("this_year", "2026-10-31");
    expect(year.time).toMatchObject({ start: "2026-01-01", end_excl: "2027-01-01", partial: true });
    expect(year.compare).toEqual({
      kind: "yoy",
      start: "2025-01-01",
      end_excl: "2026-01-01",
      align: "elapsed",
    });
    expect(year.elapsed).toBeCloseTo(304 / 365, 6);
  });
  it("is whole on its last day", () => {
    const month = periodOf("this_month", "2026-10-31");
    expect(month.time).toEqual({
      start: "2026-10-01",
      end_excl: "2026-11-01",
      label: "本月",
      label_en: "this month",
    });
    expect(month.elapsed).toBe(1);
  });
  it("goes back over the turn of a year", () => {
    expect(periodOf("last_quarter", "2026-02-10").time).toMatchObject({
      start: "2025-10-01",
      end_excl: "2026-01-01",
    });
    expect(periodOf("last_12_months", "2013-11-29").time).toMatchObject({
      start: "2012-11-30",
      end_excl: "2013-11-30",
    });
  });
});

describe("provinces", () => {
  it("stand each on a tile of their own, inside of the grid", () => {
    expect(PROVINCES).toHaveLength(34);
    expect(new Set(PROVINCES.map(({ column, row }) => `${column} ${row}`)).size).toBe(34);
    expect(new Set(PROVINCES.map(({ code }) => code)).size).toBe(34);
    expect(PROVINCES.every(({ column, row }) => column < GRID_COLUMNS && row < GRID_ROWS)).toBe(true);
  });
  it.each([
    ["广东", "44"],
    ["广东省", "44"],
    ["广西壮族自治区", "45"],
    ["内蒙古自治区", "15"],
    ["重庆市", "50"],
    ["香港特别行政区", "81"],
    ["Inner Mongolia", "15"],
  ])("%s is found", (name, code) => {
    expect(provinceOf(name)?.code).toBe(code);
  });
  it("are no map where most names are others", () => {
    expect(areProvinces(["浙江", "江苏", "Bavaria"])).toBe(true);
    expect(areProvinces(["California", "Texas", "浙江"])).toBe(false);
    expect(areProvinces([])).toBe(false);
  });
});

describe("what stands in an address", () => {
  it("is changed value by value, and empty values leave it", () => {
    const next = changed(search("region=a&region=b&q=x"), { region: ["c"], q: null, page: "2" });
    expect(next.toString()).toBe("region=c&page=2");
    expect(manyOf(search("region=a&region=a&region="), "region")).toEqual(["a"]);
  });
  it("is read with care", () => {
    expect(readOverviewFilter(search("period=for_ever&region=华东"))).toEqual({
      regions: ["华东"],
      products: [],
      period: "this_year",
    });
    expect(readSettings(search("by=planet&horizon=next_month&member=华东"))).toMatchObject({
      level: "region",
      horizon: "next_month",
      member: "华东",
    });
    expect(readListState(search("sort=risk&page=-3&segment=stable&segment=x"))).toMatchObject({
      sort: { key: "risk", descending: true },
      page: 1,
      segments: ["stable"],
    });
    expect(readListState(search("sort=__proto__&order=asc")).sort).toEqual({
      key: "amount",
      descending: false,
    });
  });
});

const metric = (name: string, dimensions: string[], available = true) => ({ name, available, dimensions });
const carries = carried({
  metrics: [
    metric("amount", ["region", "product_category"]),
    metric("attainment", ["salesperson", "region"]),
    metric("orders", ["region"]),
    metric("win_rate", ["region"], false),
  ],
} as unknown as SemanticModel);

describe("questions of the overview", () => {
  const period = periodOf("this_year", "2026-10-31");
  const filter = { regions: ["华东"], products: ["软件"], period: "this_year" as const };
  it("shows what the data carry, in its order", () => {
    expect(headlines(carries)).toEqual(["amount", "attainment", "orders"]);
    expect(headlines(carried(undefined))).toEqual([]);
  });
  it("narrows a metric only by what it can be split by", () => {
    const both = headlineQuery("amount", period, filter, carries);
    expect(both.where).toMatchObject({
      kind: "and",
      items: [{ member: "region" }, { member: "product_category" }],
    });
    const one = headlineQuery("orders", period, filter, carries);
    expect(one.where).toEqual({ kind: "filter", member: "region", op: "in", values: ["华东"] });
    expect(headlineQuery("attainment", period, filter, carries)).not.toHaveProperty("compare");
  });
  it("asks for targets of regions first, and for none where there are none", () => {
    expect(attainmentQuery(period, filter, carries)?.dimension).toBe("region");
    expect(attainmentQuery(period, filter, carried(undefined))).toBeNull();
  });
  it("asks for risers and fallers each by the sign of their change", () => {
    expect(moversQuery("asc", period, filter)).toMatchObject({
      metric_filters: [{ on: "change", op: "lt", value: 0 }],
      order: [{ by: "amount__change", direction: "asc" }],
    });
  });
  it("colours changes in five steps", () => {
    expect([-0.5, -0.1, 0.01, 0.1, 0.5, null].map(heat)).toEqual([-2, -1, 0, 1, 2, "none"]);
  });
});

describe("forecasts", () => {
  it("are asked for by level, narrowed to regions and a member", () => {
    const settings = readSettings(search("by=territory&region=华东"));
    expect(forecastArguments(settings, "total")).toEqual({
      metric: "amount",
      horizon: "next_quarter",
      by: [],
      where: { kind: "filter", member: "region", op: "in", values: ["华东"] },
    });
    expect(forecastArguments(settings, "territory", "浙江").where).toMatchObject({
      kind: "and",
      items: [{ member: "region" }, { member: "territory", values: ["浙江"] }],
    });
  });
  it("are drawn from the last actual on, with bands that open there", () => {
    const unit = "money" as const;
    const columns = [
      { name: "period_start", unit: "date" as const },
      { name: "kind", unit: "text" as const },
      ...["value", "lo80", "hi80", "lo95", "hi95"].map((name) => ({ name, unit })),
    ];
    const drawn = bandSeries(
      figures(columns, [
        ["2026-09-01", "actual", 10, null, null, null, null],
        ["2026-10-01", "actual", 12, null, null, null, null],
        ["2026-11-01", "forecast", 14, 12, 17, 11, 19],
      ]),
    );
    expect(drawn.labels).toEqual(["2026-09", "2026-10", "2026-11"]);
    expect(drawn.actual).toEqual([10, 12, null]);
    expect(drawn.forecast).toEqual([null, 12, 14]);
    expect(drawn.lo80).toEqual([null, 12, 12]);
    expect(drawn.span80).toEqual([null, 0, 5]);
    expect(drawn.span95).toEqual([null, 0, 8]);
  });
});

describe("the list of partners", () => {
  const text = (name: string) => ({ name, unit: "text" as const });
  const count = (name: string) => ({ name, unit: "quantity" as const });
  const health = figures(
    [text("partner"), text("region"), count("score")],
    [
      ["乙", "华东", 40],
      ["甲", "华南", 90],
    ],
  );
  const segments = figures(
    [text("partner"), text("region"), text("segment"), count("amount_12m"), count("growth")],
    [
      ["甲", "华南", "stable", 10, null],
      ["丙", "华东", "high_potential", 30, 0.5],
    ],
  );
  const churn = figures(
    [text("partner"), text("region"), text("band"), count("risk")],
    [["乙", "华东", "high", 0.8]],
  );
  const partners = joined(health, segments, churn);
  const names = (address: string) =>
    arranged(partners, readListState(search(address))).map(({ name }) => name);

  it("joins what each tool knows", () => {
    expect(partners.map(({ name, region }) => [name, region])).toEqual([
      ["乙", "华东"],
      ["甲", "华南"],
      ["丙", "华东"],
    ]);
  });
  it("sorts by any figure; what has none stands last, whichever way", () => {
    expect(names("sort=health")).toEqual(["乙", "甲", "丙"]);
    expect(names("sort=health&order=desc")).toEqual(["甲", "乙", "丙"]);
    expect(names("sort=amount")).toEqual(["丙", "甲", "乙"]);
    expect(names("sort=partner")).toEqual(["丙", "甲", "乙"]); // bǐng, jiǎ, yǐ
  });
  it("keeps those that fit all of the filters", () => {
    expect(names("region=华东")).toEqual(["丙", "乙"]);
    expect(names("region=华东&risk=high")).toEqual(["乙"]);
    expect(names("segment=stable&q=丙")).toEqual([]);
  });
});

describe("KPIs", () => {
  const columns = [
    { name: "kpi", unit: "text" as const },
    { name: "category", unit: "text" as const },
    { name: "value", unit: "each" as const },
  ];
  it("stand by category in reading order; what is missing stands apart", () => {
    const groups = kpiGroups(
      figures(columns, [
        ["a", "risk", 1],
        ["b", "results", null],
        ["c", "results", 2],
        ["d", "of its own", 3],
      ]),
    );
    expect(groups.map(({ category, known, missing }) => [category, known.length, missing.length])).toEqual([
      ["results", 1, 1],
      ["risk", 1, 0],
      ["of its own", 1, 0],
    ]);
  });
  it("never says that somebody is better than all or none", () => {
    expect([0, 0.5, 1].map(peers)).toEqual([1, 50, 99]);
  });
});
