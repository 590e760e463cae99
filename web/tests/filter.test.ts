import { describe, expect, it } from "vitest";
import { percent } from "@/pages/evals/look";
import { readFilter } from "@/pages/traces/filter";

describe("the filter of traces", () => {
  it("takes what it knows from the address and nothing else", () => {
    const search = new URLSearchParams(
      "q=%20销售%20&status=answered&planner=llm&verdict=held&min_ms=500&x=1",
    );
    expect(readFilter(search)).toEqual({
      q: "销售",
      status: "answered",
      planner: "llm",
      verdict: "held",
      min_ms: 500,
    });
    expect(readFilter(new URLSearchParams("q=%20&status=sunk&planner=&verdict=x&min_ms=abc"))).toEqual({});
    expect(readFilter(new URLSearchParams("min_ms=-5"))).toEqual({});
  });
});

describe("shares of cases", () => {
  it("says 100% only where all are right", () => {
    expect(percent(40, 40)).toBe("100%");
    expect(percent(9999, 10_000)).toBe("99.9%");
    expect(percent(37, 40)).toBe("92.5%");
    expect(percent(0, 0)).toBe("—");
  });
});
