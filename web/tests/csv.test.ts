import { describe, expect, it } from "vitest";
import { toCsv } from "@/lib/csv";

describe("CSV", () => {
  it("quotes, keeps raw figures, leaves the missing empty, disarms formulas", () => {
    const csv = toCsv(
      {
        columns: [
          { name: "partner", unit: "text", label: { zh: "伙伴", en: "partner" } },
          { name: "amount", unit: "money" },
        ],
        rows: [
          ['甲"乙,丙', -1.5],
          ["=1+1", null],
          ["两\n行", 0],
        ],
      },
      "zh",
    );
    expect(csv).toBe('\uFEFF伙伴,amount\r\n"甲""乙,丙",-1.5\r\n\'=1+1,\r\n"两\n行",0\r\n');
  });
});
