import { ApiError, call, localProblem, STREAM_ERROR } from "./http";
import { SseParser } from "./sse";
import type { Answer, AskRequest, Bilingual, ChartSpec, Citation, PlannerName, Problem } from "./types";

export interface PlanStep {
  tool: string;
  arguments: Record<string, unknown>;
}

/** What a streamed answer tells, in the order in which it is told. */
export type AskEvent =
  | {
      event: "accepted";
      data: {
        answer_id: string;
        conversation_id: string;
        trace_id: string;
        question: string;
        snapshot: number | null;
        as_of: string | null;
      };
    }
  | {
      event: "plan";
      data: {
        planner: PlannerName;
        kind: "query" | "clarify" | "refuse" | "meta" | "llm";
        reading: string;
        steps: PlanStep[];
      };
    }
  | { event: "fallback"; data: { from: string; to: string; code: string; text: Bilingual } }
  | {
      event: "tool_call";
      data: { call: number; tool: string; arguments: Record<string, unknown>; label: Bilingual };
    }
  | {
      event: "tool_result";
      data: {
        call: number;
        tool: string;
        row_count: number;
        truncated: boolean;
        duration_ms: number;
        error: string | null;
      };
    }
  | { event: "citation"; data: Citation }
  | { event: "text"; data: { delta: string } }
  | { event: "chart"; data: ChartSpec }
  | { event: "answer"; data: Answer }
  | { event: "error"; data: Problem }
  | { event: "done"; data: Record<string, never> };

const KNOWN: ReadonlySet<string> = new Set<AskEvent["event"]>([
  "accepted",
  "plan",
  "fallback",
  "tool_call",
  "tool_result",
  "citation",
  "text",
  "chart",
  "answer",
  "error",
  "done",
]);

/**
 * Asks, and calls `onEvent` for each event. Resolves when the stream is done; throws ApiError when
 * the service refuses the call or the stream breaks off before an answer or an error.
 */
export async function streamAsk(
  request: AskRequest,
  onEvent: (event: AskEvent) => void,
  signal: AbortSignal,
): Promise<void> {
  const response = await call("/api/ask", {
    method: "POST",
    body: request,
    accept: "text/event-stream",
    signal,
  });
  if (!response.body) throw new ApiError(localProblem(STREAM_ERROR, "stream"));
  const reader = response.body.getReader();
  const decoder = new TextDecoder();
  const parser = new SseParser();
  let settled = false;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      const text = done ? decoder.decode() : decoder.decode(value, { stream: true });
      for (const { event, data } of parser.push(text)) {
        if (!KNOWN.has(event)) continue; // a newer service may tell more
        const typed = { event, data: JSON.parse(data) } as AskEvent;
        if (typed.event === "answer" || typed.event === "error") settled = true;
        onEvent(typed);
      }
      if (done) break;
    }
  } catch (error) {
    if (signal.aborted) throw error;
    throw new ApiError(localProblem(STREAM_ERROR, "stream"));
  }
  if (!settled) throw new ApiError(localProblem(STREAM_ERROR, "stream"));
}
