import { describe, expect, it } from "vitest";
import type { Column } from "@/api/types";
import * as f from "@/lib/format";

const money: Column = { name: "amount", unit: "money", currency: "CNY" };
const rate: Column = { name: "amount__change_rate", unit: "ratio" };
const points: Column = { name: "gross_margin_rate__change", unit: "ratio" };

describe("figures", () => {
  it("says money in 万 and 亿, as the service does", () => {
    expect(f.moneyShort(3312681.03, "CNY", "zh")).toBe("331.27万元");
    expect(f.moneyShort(154180000, "CNY", "zh")).toBe("1.5418亿元");
    expect(f.moneyShort(-12345.6, "CNY", "zh")).toBe("-1.23万元");
    expect(f.moneyShort(99, "CNY", "zh")).toBe("99.00元");
    expect(f.moneyShort(1155609.1967, null, "zh")).toBe("115.56万");
    expect(f.moneyShort(20000, "SEK", "zh")).toBe("2.00万 SEK");
    expect(f.moneyShort(1155609.1967, "USD", "en")).toBe("$1,155,609.20");
  });

  it("writes money in full in tables, sign before the symbol", () => {
    expect(f.formatCell(-88516.68, money, "zh")).toBe("-¥88,516.68");
    expect(f.money(5, "SEK")).toBe("SEK 5.00");
  });

  it("writes ratios as percent and changes of ratios as points", () => {
    expect(f.formatCell(-0.026025, rate, "zh")).toBe("-2.60%");
    expect(f.formatCell(0.0312, points, "zh")).toBe("3.12 个百分点");
    expect(f.formatCell(0.0312, points, "en")).toBe("3.12 pp");
  });

  it("never turns a missing value into zero", () => {
    expect(f.formatCell(null, money, "zh")).toBe("—");
    expect(f.formatSpoken(null, money, "en")).toBe("—");
    expect(f.formatCell(0, money, "zh")).toBe("¥0.00");
  });

  it("keeps whole counts whole", () => {
    expect(f.plain(1234567)).toBe("1,234,567");
    expect(f.plain(2.5)).toBe("2.50");
    expect(f.formatSpoken(1, { name: "d", unit: "days" }, "zh")).toBe("1 天");
  });

  it("shortens axes by the language's own units", () => {
    expect([0, 5000, 15000, 4e6, 2.5e8].map((x) => f.compact(x, "zh"))).toEqual([
      "0",
      "5,000",
      "1.5万",
      "400万",
      "2.5亿",
    ]);
    expect([0, 950, 1500, 4e6, 2.5e9].map((x) => f.compact(x, "en"))).toEqual([
      "0",
      "950",
      "1.5K",
      "4M",
      "2.5B",
    ]);
  });
});

describe("time and size", () => {
  it("names durations", () => {
    expect([0.2, 31.4, 999.4, 1400, 12_345, 65_000].map(f.formatDuration)).toEqual([
      "<1 ms",
      "31 ms",
      "999 ms",
      "1.4 s",
      "12 s",
      "1 min 5 s",
    ]);
  });

  it("shows moments in the instance's zone: 18:30 UTC is the next day in Shanghai", () => {
    expect(f.formatDateTime("2026-10-31T18:30:00Z", "zh", "Asia/Shanghai")).toBe("2026-11-01 02:30");
    expect(f.formatDateTime("2026-10-31T16:05:00Z", "zh", "Asia/Shanghai")).toBe("2026-11-01 00:05");
    expect(f.formatDateTime("not a date", "zh")).toBe("not a date");
  });

  it("shows the time today and the day before that", () => {
    const now = new Date("2026-11-23T10:00:00Z");
    expect(f.formatWhen("2026-11-23T02:05:00Z", "zh", "Asia/Shanghai", now)).toBe("10:05");
    expect(f.formatWhen("2026-11-21T02:05:00Z", "zh", "Asia/Shanghai", now)).toBe("11-21");
    expect(f.formatWhen("2025-11-21T02:05:00Z", "zh", "Asia/Shanghai", now)).toBe("2025-11-21");
  });

  it("shows bytes", () => {
    expect([512, 1500, 39_000_000].map(f.formatBytes)).toEqual(["512 B", "1.5 kB", "39 MB"]);
  });
});

describe("costs", () => {
  it("keeps three figures of small ones and cents of others", () => {
    expect(f.formatCost("0.00182055", "USD")).toBe("0.00182 USD");
    expect(f.formatCost("1234.5", "CNY")).toBe("1,234.50 CNY");
    expect(f.formatCost("0.00", null)).toBe("0.00");
    expect(f.formatCost(null, "USD")).toBeNull();
  });
});
