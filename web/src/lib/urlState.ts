import { useCallback, useMemo } from "react";
import { useSearchParams } from "react-router";

/** Values of a name in an address: `region=a&region=b`. */
export function manyOf(search: URLSearchParams, name: string): string[] {
  return [...new Set(search.getAll(name).filter(Boolean))];
}

export type Change = Record<string, string | readonly string[] | null>;

/** An address with other values; null and empty ones leave it. */
export function changed(search: URLSearchParams, change: Change): URLSearchParams {
  const next = new URLSearchParams(search);
  for (const [name, value] of Object.entries(change)) {
    next.delete(name);
    for (const one of typeof value === "string" ? [value] : (value ?? [])) if (one) next.append(name, one);
  }
  return next;
}

/** What a page shows stands in its address: `const [search, change] = useUrlState()`. */
export function useUrlState(): [URLSearchParams, (change: Change) => void] {
  const [search, setSearch] = useSearchParams();
  const change = useCallback(
    (next: Change) => setSearch((old) => changed(old, next), { replace: true }),
    [setSearch],
  );
  return useMemo(() => [search, change], [search, change]);
}
