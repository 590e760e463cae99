import type { AskEvent, PlanStep } from "@/api/ask";
import type { Answer, Bilingual, ChartSpec, Citation, PlannerName, Problem } from "@/api/types";

export interface ToolRun {
  call: number;
  tool: string;
  label: Bilingual;
  arguments: Record<string, unknown>;
  result: { rowCount: number; truncated: boolean; ms: number; error: string | null } | null;
}

/** A question on its way: what the stream has told so far. */
export interface Turn {
  /** Made here, so that it exists before the service names the answer. */
  key: string;
  question: string;
  state: "running" | "done" | "stopped" | "failed";
  answerId: string | null;
  traceId: string | null;
  plan: { planner: PlannerName; kind: string; reading: string; steps: PlanStep[] } | null;
  fallback: Bilingual | null;
  runs: ToolRun[];
  citations: Citation[];
  text: string;
  chart: ChartSpec | null;
  answer: Answer | null;
  problem: Problem | null;
}

export function newTurn(key: string, question: string): Turn {
  return {
    key,
    question,
    state: "running",
    answerId: null,
    traceId: null,
    plan: null,
    fallback: null,
    runs: [],
    citations: [],
    text: "",
    chart: null,
    answer: null,
    problem: null,
  };
}

/** The turn after one more event. Pure; events after the end change nothing. */
export function advance(turn: Turn, { event, data }: AskEvent): Turn {
  if (turn.state !== "running") return turn;
  switch (event) {
    case "accepted":
      return { ...turn, answerId: data.answer_id, traceId: data.trace_id };
    case "plan":
      return { ...turn, plan: data };
    case "fallback":
      // What the first planner had begun no longer counts.
      return { ...turn, fallback: data.text, plan: null, runs: [], citations: [], text: "", chart: null };
    case "tool_call":
      return { ...turn, runs: [...turn.runs, { ...data, result: null }] };
    case "tool_result": {
      const result = {
        rowCount: data.row_count,
        truncated: data.truncated,
        ms: data.duration_ms,
        error: data.error,
      };
      return { ...turn, runs: turn.runs.map((run) => (run.call === data.call ? { ...run, result } : run)) };
    }
    case "citation":
      return { ...turn, citations: [...turn.citations, data] };
    case "text":
      return { ...turn, text: turn.text + data.delta };
    case "chart":
      return { ...turn, chart: data };
    case "answer":
      return { ...turn, state: "done", answer: data };
    case "error":
      return { ...turn, state: "failed", problem: data };
    case "done":
      return turn;
  }
}
