import { describe, expect, it } from "vitest";
import type { Span } from "@/api/types";
import {
  firstToShow,
  scaleMarks,
  spanRows,
  spanTitle,
  templateParts,
  timeByKind,
  traceLength,
  verifierVerdict,
  visibleRows,
} from "@/pages/traces/spans";

const span = (
  id: string,
  parent: string | null,
  start = 0,
  duration = 1,
  more: Partial<Span> = {},
): Span => ({
  span_id: id,
  parent_id: parent,
  name: id,
  kind: "CHAIN",
  start_ms: start,
  duration_ms: duration,
  status: "ok",
  error: null,
  attributes: {},
  events: [],
  ...more,
});
const outline = (spans: Span[]) =>
  spanRows(spans).map((row) => `${"-".repeat(row.depth)}${row.span.span_id}`);

describe("the tree of spans", () => {
  it("puts a parent before its children, those by their start", () => {
    const spans = [span("c", "root", 5), span("root", null, 0, 9), span("b", "root", 1), span("d", "b", 2)];
    expect(outline(spans)).toEqual(["root", "-b", "--d", "-c"]);
  });

  it("shows a span whose parent is not there", () => {
    expect(outline([span("a", "gone"), span("b", "a", 1)])).toEqual(["a", "-b"]);
  });

  it("shows every span of a ring exactly once", () => {
    const ring = [span("a", "b"), span("b", "a"), span("self", "self")];
    expect(
      outline(ring)
        .map((line) => line.replaceAll("-", ""))
        .sort(),
    ).toEqual(["a", "b", "self"]);
  });

  it("hides what is inside a folded span, however deep", () => {
    const rows = spanRows([span("r", null), span("a", "r", 1), span("b", "a", 2), span("c", "r", 3)]);
    const names = (folded: string[]) => visibleRows(rows, new Set(folded)).map((row) => row.span.span_id);
    expect(names([])).toEqual(["r", "a", "b", "c"]);
    expect(names(["a"])).toEqual(["r", "a", "c"]);
    expect(names(["r", "a"])).toEqual(["r"]);
  });

  it("begins with the last failure, else with the root", () => {
    const good = [span("r", null), span("a", "r", 1)];
    expect(firstToShow(spanRows(good))).toBe("r");
    const failed = [...good, span("x", "r", 2, 1, { status: "error" }), span("y", "r", 3)];
    expect(firstToShow(spanRows(failed))).toBe("x");
    expect(firstToShow([])).toBeNull();
  });
});

describe("the scale", () => {
  it("has round marks, never more than asked for beside the 0", () => {
    expect(scaleMarks(985, 4)).toEqual([0, 250, 500, 750]);
    expect(scaleMarks(23, 4)).toEqual([0, 10, 20]);
    expect(scaleMarks(20_038, 4)).toEqual([0, 10_000, 20_000]);
    expect(scaleMarks(0.3, 4)).toEqual([0, 0.1, 0.2, 0.3]);
    for (const length of [0.001, 1, 7, 99, 1234, 86_400_000]) {
      expect(scaleMarks(length, 4).length).toBeLessThanOrEqual(5);
      expect(scaleMarks(length, 4).at(-1)).toBeLessThanOrEqual(length * 1.001);
    }
  });

  it("reaches the end of the last span, and is never 0", () => {
    expect(traceLength([span("a", null, 5, 10)], 12)).toBe(15);
    expect(traceLength([], 0)).toBeGreaterThan(0);
  });
});

describe("time by kind", () => {
  it("counts each moment once, for the innermost span", () => {
    // root 0–10; a tool 2–5; a model 4–8 beside it: 3 + 4 ms of children cover 6 ms of the root
    const spans = [
      span("r", null, 0, 10, { kind: "AGENT" }),
      span("t", "r", 2, 3, { kind: "TOOL" }),
      span("m", "r", 4, 4, { kind: "LLM" }),
    ];
    expect(timeByKind(spans)).toEqual([
      { kind: "AGENT", ms: 4 },
      { kind: "LLM", ms: 4 },
      { kind: "TOOL", ms: 3 },
    ]);
  });
});

describe("the verifier", () => {
  const verify = (verdict: unknown, name = "verify") =>
    span(name, null, 0, 1, { name, attributes: { verdict } });

  it("has rejected where it rejected anything", () => {
    expect(verifierVerdict([verify("rejected: digit"), verify("held")])).toBe("rejected");
    expect(verifierVerdict([verify("held")])).toBe("held");
    expect(verifierVerdict([verify("rejected", "coverage"), verify("held")])).toBe("held");
    expect(verifierVerdict([verify(undefined), span("r", null)])).toBeNull();
  });
});

describe("names", () => {
  it("knows the steps of an answer and keeps what it does not know", () => {
    expect(spanTitle("invoke_agent leadline")).toEqual({ what: "answer", rest: "" });
    expect(spanTitle("execute_tool query")).toEqual({ what: "tool", rest: "query" });
    expect(spanTitle("chat gpt 4")).toEqual({ what: "chat", rest: "gpt 4" });
    expect(spanTitle("weigh anchor")).toEqual({ what: null, rest: "weigh anchor" });
  });

  it("cuts a template at its slots and loses no character", () => {
    const template = "共 {{c1.row_count}} 行：{{c1.rows[0].amount|size}}{";
    const parts = templateParts(template);
    expect(parts.map((part) => part.text).join("")).toBe(template);
    expect(parts.filter((part) => part.slot).map((part) => part.text)).toEqual([
      "{{c1.row_count}}",
      "{{c1.rows[0].amount|size}}",
    ]);
  });
});
