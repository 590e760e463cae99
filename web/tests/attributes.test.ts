import { describe, expect, it } from "vitest";
import type { Citation, Span } from "@/api/types";
import { annotated, list, mended, messages, record, tokens, toolRows } from "@/pages/traces/attributes";

describe("attributes", () => {
  it("reads lists and records, also where they were kept as JSON text", () => {
    expect(list({ a: [1] }, "a")).toEqual([1]);
    expect(list({ a: "[1, 2]" }, "a")).toEqual([1, 2]);
    expect(record({ a: '{"b": 1}' }, "a")).toEqual({ b: 1 });
    for (const broken of ["[1", "text", 4, null, undefined, { a: 1 }])
      expect(list({ a: broken }, "a")).toEqual([]);
  });

  it("takes matches and leaves the note of a cut list aside", () => {
    const match = { text: "大区", kind: "lexicon", value: "", score: 3.68, means: ["dimension:region"] };
    expect(tokens({ tokens: [match, "… 3 more", null] })).toEqual([match]);
    expect(tokens({})).toEqual([]);
    expect(mended({ mended: [{ from: "销售鹅", to: "销售额", score: 66.7 }] })).toEqual([
      { from: "销售鹅", to: "销售额", score: 66.7 },
    ]);
  });
});

describe("the question with its matches", () => {
  const match = (text: string) => ({ text, kind: "lexicon", value: "", score: 1, means: [] });

  it("marks each in its place and keeps what nothing covers", () => {
    const pieces = annotated("客户满意度最高的客户", [match("客户"), match("最高"), match("客户")]);
    expect(pieces.map((piece) => [piece.text, piece.token !== null])).toEqual([
      ["客户", true],
      ["满意度", false],
      ["最高", true],
      ["的", false],
      ["客户", true],
    ]);
  });

  it("always gives back the whole question", () => {
    for (const words of [[], ["x"], ["b", "a"], ["", "ab"]]) {
      const text = annotated("abab", words.map(match))
        .map((piece) => piece.text)
        .join("");
      expect(text).toBe("abab");
    }
  });
});

describe("messages", () => {
  it("reads contents and tool calls of the chat API", () => {
    const call = {
      id: "c1",
      type: "function",
      function: { name: "query", arguments: '{"metrics": ["amount"]}' },
    };
    const [said, told] = messages(
      {
        m: [
          { role: "assistant", content: null, tool_calls: [call] },
          { role: "tool", tool_call_id: "c1", content: "42" },
        ],
      },
      "m",
    );
    expect(said).toEqual({
      role: "assistant",
      content: "",
      calls: [{ name: "query", arguments: { metrics: ["amount"] } }],
      callId: null,
    });
    expect(told).toEqual({ role: "tool", content: "42", calls: [], callId: "c1" });
  });
});

describe("rows of a tool", () => {
  const tool = (result: unknown): Span => ({
    span_id: "1",
    parent_id: null,
    name: "execute_tool query",
    kind: "TOOL",
    start_ms: 0,
    duration_ms: 1,
    status: "ok",
    error: null,
    attributes: { "gen_ai.tool.call.result": result },
    events: [],
  });
  const citation = (name: string, first: string): Citation => ({
    id: "a-1",
    number: 1,
    tool: "query",
    spec: {},
    snapshot: 1,
    model_version: "",
    scope_hash: "",
    row_count: 1,
    truncated: false,
    columns: [
      { name: "region", unit: "text" },
      { name, unit: "money", currency: "CNY" },
    ],
    rows: [[first, 5]],
  });

  it("takes units from the citation with the same columns, the one with the same first row before others", () => {
    const span = tool({ columns: ["region", "amount"], rows: [["华东", 5]], rows_left_out: 7 });
    const other = {
      ...citation("amount", "华北"),
      columns: [
        { name: "region", unit: "text" as const },
        { name: "amount", unit: "count" as const },
      ],
    };
    const found = toolRows(span, [citation("orders", "华东"), other, citation("amount", "华东")]);
    expect(found?.table.columns[1]).toEqual({ name: "amount", unit: "money", currency: "CNY" });
    expect(found?.leftOut).toBe(7);
  });

  it("shows rows without a citation by the names of their columns", () => {
    const found = toolRows(tool({ columns: ["region", "n"], rows: [["华东", 5]] }), []);
    expect(found?.table.columns).toEqual([
      { name: "region", unit: "text" },
      { name: "n", unit: "count" },
    ]);
  });

  it("says that there are none where the tool failed", () => {
    expect(toolRows(tool(undefined), [])).toBeNull();
    expect(toolRows(tool("masked"), [])).toBeNull();
  });
});
