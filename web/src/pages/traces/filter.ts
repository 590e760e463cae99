import type { TraceFilter } from "@/api/types";

/** What the list can be narrowed by; each stands in the page's address under its own name. */
export const STATUSES = ["answered", "clarify", "refused", "failed"] as const;
export const PLANNERS = ["rules", "llm"] as const;
export const VERDICTS = ["held", "rejected"] as const;
export const MIN_DURATIONS_MS = [100, 500, 1000, 3000, 10_000] as const;

function oneOf(value: string | null, known: readonly string[]): string | undefined {
  return value !== null && known.includes(value) ? value : undefined;
}

/** The filter in an address; what is not known is left out. */
export function readFilter(search: URLSearchParams): TraceFilter {
  const q = search.get("q")?.trim();
  const status = oneOf(search.get("status"), STATUSES);
  const planner = oneOf(search.get("planner"), PLANNERS);
  const verdict = oneOf(search.get("verdict"), VERDICTS);
  const minimum = Number(search.get("min_ms"));
  return {
    ...(q ? { q } : {}),
    ...(status ? { status } : {}),
    ...(planner ? { planner } : {}),
    ...(verdict ? { verdict } : {}),
    ...(Number.isFinite(minimum) && minimum > 0 ? { min_ms: minimum } : {}),
  };
}
