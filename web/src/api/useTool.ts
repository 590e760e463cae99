import { useQuery } from "@tanstack/react-query";
import { toProblem } from "./http";
import { isComputing, queries } from "./queries";
import type { Figures, Problem, ToolArguments } from "./types";

/** Where a call of a tool stands. */
export type ToolState =
  | { is: "waiting" }
  | { is: "computing"; seconds: number }
  /** `stale`: of the arguments before; the new ones are on their way. */
  | { is: "ready"; figures: Figures; stale: boolean }
  | { is: "failed"; problem: Problem; retry: () => void }
  /** Nothing is loaded yet, or this service has no such tool. */
  | { is: "absent"; what: "data" | "tool" };

/**
 * Figures of a tool, all of a page from one snapshot. `null` for arguments asks for nothing yet.
 * What was there stays while other arguments are on their way.
 */
export function useTool(name: string, args: ToolArguments | null): ToolState {
  const ready = useQuery(queries.readiness());
  const snapshot = ready.data?.snapshot ?? null;
  const asked = args !== null && snapshot !== null;
  const found = useQuery({
    ...queries.tool(name, args ?? {}, snapshot ?? 0),
    enabled: asked,
    placeholderData: (previous) => (isComputing(previous) ? undefined : previous),
  });
  if (ready.isError) return { is: "absent", what: "data" };
  if (!asked || found.isPending) return { is: "waiting" };
  if (found.isError) {
    const problem = toProblem(found.error);
    if (problem.status === 404) return { is: "absent", what: "tool" };
    return { is: "failed", problem, retry: () => void found.refetch() };
  }
  if (isComputing(found.data)) return { is: "computing", seconds: found.data.seconds };
  return { is: "ready", figures: found.data, stale: found.isPlaceholderData };
}

/** The figures, where they are there. */
export function figuresOf(state: ToolState): Figures | undefined {
  return state.is === "ready" ? state.figures : undefined;
}
