import { describe, expect, it } from "vitest";
import type { AskEvent } from "@/api/ask";
import type { Answer } from "@/api/types";
import { advance, newTurn } from "@/pages/ask/turn";

const run = (...events: AskEvent[]) => events.reduce(advance, newTurn("turn-1", "本季度销售额"));
const label = { zh: "查询", en: "Query" };
const called = (call: number): AskEvent => ({
  event: "tool_call",
  data: { call, tool: "query", arguments: {}, label },
});
const returned = (call: number, row_count: number): AskEvent => ({
  event: "tool_result",
  data: { call, tool: "query", row_count, truncated: false, duration_ms: 12, error: null },
});
const text = (delta: string): AskEvent => ({ event: "text", data: { delta } });

describe("a turn", () => {
  it("joins text and gives each result to its call", () => {
    const turn = run(called(1), called(2), returned(2, 7), text("甲"), text("乙"));
    expect(turn.runs.map((each) => each.result?.rowCount ?? null)).toEqual([null, 7]);
    expect(turn.text).toBe("甲乙");
    expect(turn.state).toBe("running");
  });

  it("forgets what a planner had begun when another takes over", () => {
    const turn = run(called(1), text("半句"), {
      event: "fallback",
      data: { from: "llm", to: "rules", code: "timeout", text: { zh: "超时", en: "timed out" } },
    });
    expect(turn).toMatchObject({ runs: [], text: "", plan: null, fallback: { zh: "超时" } });
  });

  it("ends with the answer or with a problem, and then stays as it is", () => {
    const answer = { answer_id: "a" } as Answer;
    const done = run({ event: "answer", data: answer }, text("late"));
    expect(done).toMatchObject({ state: "done", answer, text: "" });
    const problem = { type: "x", title: "忙", status: 503, detail: "", retryable: true };
    const failed = run({ event: "error", data: problem }, { event: "answer", data: answer });
    expect(failed).toMatchObject({ state: "failed", problem, answer: null });
  });
});
