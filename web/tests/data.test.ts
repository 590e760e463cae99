import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { RowError, SemanticDimension, SemanticMetric, SnapshotItem } from "@/api/types";
import {
  dimensionQuestion,
  errorTable,
  growthTable,
  matching,
  metricQuestion,
  reasonText,
  SHOWN_SNAPSHOTS,
  tableChanges,
  tableName,
} from "@/pages/data/dataText";
import { reasonWords, tableWords } from "@/pages/data/messages";

describe("reasons and tables", () => {
  it("has a word for all that the service's own catalogue has one for", () => {
    const source = readFileSync(new URL("../../tools/erp/reasons.py", import.meta.url), "utf8");
    const keys = (name: string) => {
      const start = source.indexOf(`${name}: dict`);
      const block = source.slice(start, source.indexOf("\n}", start));
      return [...block.matchAll(/^ {4}"(\w+)": Words\(/gm)].map((match) => match[1]).sort();
    };
    expect(keys("REASONS")).toEqual(Object.keys(reasonWords).sort());
    expect(keys("TABLE_WORDS")).toEqual(Object.keys(tableWords).sort());
  });

  it("says a reason in the reader's language and shows an unknown one as it is", () => {
    expect(reasonText("bad_number", "zh")).toBe("不是数字");
    expect(reasonText("unknown_reference: partner P9", "zh")).toBe("引用的记录不存在：伙伴 P9");
    expect(reasonText("unknown_reference: partner P9", "en")).toBe(
      "Refers to a row that is not there: partner P9",
    );
    expect(reasonText("tide: too low", "en")).toBe("tide: too low");
    expect(tableName("partner", "en")).toBe("partners");
    expect(tableName("cargo", "zh")).toBe("cargo");
  });

  it("downloads all that the table shows", () => {
    const error: RowError = {
      batch_id: 1,
      source: "erp",
      file: "a.csv",
      sheet: null,
      row_no: 7,
      column: "金额",
      value: "x",
      reason: "bad_number",
      table: "payment",
    };
    const table = errorTable([error], "zh");
    expect(table.columns).toHaveLength(8);
    expect(table.rows).toEqual([["erp", "a.csv", null, 7, "金额", "x", "不是数字", "payment"]]);
  });
});

const snapshot = (number: number, tables: Record<string, number>): SnapshotItem => ({
  number,
  created_at: "2026-01-01T00:00:00Z",
  as_of: null,
  tables,
  current: false,
  bytes: 1,
});

describe("growth", () => {
  it("goes from old to new and adds up to all rows", () => {
    const tables = { a: 8, b: 7, c: 6, d: 5, e: 4, f: 3, g: 2, h: 1 };
    const { rows } = growthTable([snapshot(2, tables), snapshot(1, { a: 4, z: 9 })], "en");
    expect([...new Set(rows.map((row) => row[0]))]).toEqual(["Snapshot 1", "Snapshot 2"]);
    const sum = (name: string) =>
      rows.filter((row) => row[0] === name).reduce((n, row) => n + Number(row[2]), 0);
    expect(sum("Snapshot 1")).toBe(13); // 4 + 9
    expect(sum("Snapshot 2")).toBe(36); // 8 + 7 + … + 1
    expect(rows.filter((row) => row[0] === "Snapshot 2")).toHaveLength(7); // six by name, the others in one
  });

  it("shows the newest where there are many", () => {
    const many = Array.from({ length: 60 }, (_, at) => snapshot(at + 1, { a: 1 }));
    const names = new Set(growthTable(many, "zh").rows.map((row) => row[0]));
    expect(names.size).toBe(SHOWN_SNAPSHOTS);
    expect(names.has("快照 60")).toBe(true);
  });

  it("names the tables that changed, come and gone ones too", () => {
    expect(tableChanges(snapshot(2, { a: 5, b: 2, d: 1 }), snapshot(1, { a: 5, b: 9, c: 3 }))).toEqual([
      { table: "b", change: -7 },
      { table: "c", change: -3 },
      { table: "d", change: 1 },
    ]);
  });
});

const metric = (name: string, more: Partial<SemanticMetric> = {}): SemanticMetric => ({
  name,
  label: { zh: name, en: name },
  definition: { zh: "", en: "" },
  unit: "money",
  additivity: "additive",
  direction: "up",
  synonyms: { zh: [], en: [] },
  available: true,
  span: null,
  dimensions: [],
  ...more,
});
const dimension = (name: string, kind = "member"): SemanticDimension => ({
  name,
  label: { zh: "大区", en: "region" },
  definition: { zh: "", en: "" },
  kind,
  synonyms: { zh: [], en: [] },
  members: 3,
});

describe("the model's words", () => {
  const items = [
    metric("a", { definition: { zh: "与营收相关", en: "related to revenue" } }),
    metric("b", { synonyms: { zh: ["营收"], en: ["Revenue"] } }),
    metric("c", { label: { zh: "营收", en: "revenue" } }),
  ];

  it("finds in either language, names before synonyms before definitions", () => {
    expect(matching(items, "营收").map((one) => one.name)).toEqual(["c", "b", "a"]);
    expect(matching(items, " REVENUE ").map((one) => one.name)).toEqual(["c", "b", "a"]);
    expect(matching(items, "revenue related").map((one) => one.name)).toEqual(["a"]);
    expect(matching(items, "").map((one) => one.name)).toEqual(["a", "b", "c"]);
    expect(matching(items, "潮汐")).toEqual([]);
  });

  it("asks by region where that is possible", () => {
    const sales = { label: { zh: "销售额", en: "sales" } };
    expect(metricQuestion(metric("amount", { ...sales, dimensions: ["region"] }), "zh")).toBe(
      "今年各大区的销售额",
    );
    expect(metricQuestion(metric("amount", sales), "en")).toBe("sales this year");
  });

  it("asks for a dimension by a metric that has data and can be split by it", () => {
    const metrics = [
      metric("x", { dimensions: ["region"], available: false }),
      metric("y", { dimensions: ["region"], label: { zh: "订单数", en: "orders" } }),
    ];
    expect(dimensionQuestion(dimension("region"), metrics, "en")).toBe("orders by region this year");
    expect(dimensionQuestion(dimension("city"), metrics, "en")).toBeNull();
    expect(dimensionQuestion(dimension("region", "date"), metrics, "en")).toBeNull();
  });
});
