import { describe, expect, it } from "vitest";
import type { Column } from "@/api/types";
import { columnIn, formatBrief, formatCell, formatChange, isNumeric } from "@/lib/format";
import { byName, parts, rowsOf } from "@/lib/rows";
import { figures } from "./samples";

const text = (name: string): Column => ({ name, unit: "text" });
const kpis = figures(
  [
    text("kpi"),
    text("label_zh"),
    text("label_en"),
    { name: "value", unit: "each", currency: "CNY" },
    text("unit"),
  ],
  [
    ["amount", "进货额", "Sell-in", 5_050_000, "money"],
    ["margin", "毛利率", "Margin", 0.523, "ratio"],
    ["days", "距上次下单", "", 1, "days"],
    ["gone", "没有", "None", null, "money"],
    ["odd", "怪", "Odd", 3, "furlong"],
  ],
);

describe("units that differ by row", () => {
  const column = kpis.columns[3] as Column;
  const said = (row: number) => formatCell(kpis.rows[row]?.[3], columnIn(kpis, kpis.rows[row], column), "zh");

  it("are taken from the row's own column", () => {
    expect([0, 1, 2, 3].map(said)).toEqual(["¥5,050,000.00", "52.30%", "1", "—"]);
  });
  it("fall back to a plain number where the row names none that is known", () => {
    expect(said(4)).toBe("3");
    expect(columnIn({ columns: [column], rows: [[1]] }, [1], column).unit).toBe("quantity");
  });
  it("leave other columns alone, and are set as figures", () => {
    expect(columnIn(kpis, kpis.rows[0], text("kpi")).unit).toBe("text");
    expect(isNumeric(column)).toBe(true);
  });
});

describe("figures at a glance", () => {
  const money: Column = { name: "amount", unit: "money", currency: "CNY" };
  it.each([
    [154_210_000, "1.54亿元", "¥154.21M"],
    [48_768_993.87, "4,877万元", "¥48.77M"],
    [5_050_000, "505.0万元", "¥5.05M"],
    [1640, "1,640元", "¥2K"],
    [-1_287_000, "-128.7万元", "-¥1.29M"],
    [0, "0元", "¥0"],
  ])("money %d reads %s and %s", (value, zh, en) => {
    expect(formatBrief(value, money, "zh")).toBe(zh);
    expect(formatBrief(value, money, "en")).toBe(en);
  });
  it("ratios have one decimal, their changes are points", () => {
    expect(formatBrief(0.7083, { name: "attainment", unit: "ratio" }, "zh")).toBe("70.8%");
    expect(formatBrief(-0.007, { name: "margin__change", unit: "ratio" }, "zh")).toBe("-0.7 个百分点");
    expect(formatChange(0.003, { name: "margin__change", unit: "ratio" }, "en")).toBe("+0.3 pp");
  });
  it("a small probability is no impossibility", () => {
    const risk: Column = { name: "risk", unit: "ratio" };
    expect(formatBrief(0.0003, risk, "zh")).toBe("<0.1%");
    expect(formatChange(0.0003, risk, "zh")).toBe("<0.1%");
    expect(formatBrief(0, risk, "zh")).toBe("0.0%");
  });
  it("say days, and one day", () => {
    expect(formatBrief(1, { name: "days", unit: "days" }, "en")).toBe("1 day");
    expect(formatBrief(2.5, { name: "days", unit: "days" }, "zh")).toBe("2.5 天");
  });
  it("never turn what is missing into zero", () => {
    expect(formatBrief(null, money, "zh")).toBe("—");
    expect(formatChange(null, money, "en")).toBe("—");
  });
});

describe("rows by name", () => {
  const [first, , third] = rowsOf(kpis);
  it("gives figures as figures and what is not there as null", () => {
    expect(first?.number("value")).toBe(5_050_000);
    expect(first?.number("label_zh")).toBeNull();
    expect(first?.get("no such column")).toBeNull();
    expect(first?.text("no such column")).toBe("");
  });
  it("gives texts in the reader's language, in the other where there is none", () => {
    expect(first?.words("label", "en")).toBe("Sell-in");
    expect(third?.words("label", "en")).toBe("距上次下单");
  });
  it("is found by the name of its member", () => {
    expect(byName(kpis, "kpi").get("margin")?.index).toBe(1);
    expect(byName(undefined, "kpi").size).toBe(0);
  });
  it("takes reasons apart", () => {
    expect(parts("进货 -8%；距上次下单 90 天;\n• 没有商机")).toEqual([
      "进货 -8%",
      "距上次下单 90 天",
      "没有商机",
    ]);
    expect(parts("")).toEqual([]);
  });
});
