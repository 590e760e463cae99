import type { Column, Figures, Scalar } from "@/api/types";

/** What a tool gave, with these columns and rows. */
export function figures(columns: Column[], rows: Scalar[][], over: Partial<Figures> = {}): Figures {
  return {
    id: "t1",
    number: 1,
    tool: "profile",
    spec: {},
    snapshot: 1,
    model_version: "m",
    scope_hash: "all",
    columns,
    rows,
    row_count: rows.length,
    truncated: false,
    as_of: "2026-10-31",
    digest: "d",
    kept: false,
    ...over,
  };
}
