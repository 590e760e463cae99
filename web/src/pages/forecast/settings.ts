import type { ToolArguments } from "@/api/types";
import { manyOf } from "@/lib/urlState";

export const METRICS = ["amount", "quantity"] as const;
export const LEVELS = [
  "total",
  "region",
  "territory",
  "product_category",
  "product_line",
  "partner",
] as const;
export const HORIZONS = ["next_month", "next_quarter", "next_3_months", "to_year_end"] as const;
export type Level = (typeof LEVELS)[number];

/** What is forecast, as it stands in the page's address. */
export interface Settings {
  metric: (typeof METRICS)[number];
  level: Level;
  horizon: (typeof HORIZONS)[number];
  regions: string[];
  /** The member whose history is shown; empty for the largest. */
  member: string;
}

function oneOf<T extends string>(value: string | null, known: readonly T[], otherwise: T): T {
  return known.find((one) => one === value) ?? otherwise;
}

export function readSettings(search: URLSearchParams): Settings {
  return {
    metric: oneOf(search.get("metric"), METRICS, "amount"),
    level: oneOf(search.get("by"), LEVELS, "region"),
    horizon: oneOf(search.get("horizon"), HORIZONS, "next_quarter"),
    regions: manyOf(search, "region"),
    member: search.get("member") ?? "",
  };
}

const only = (member: string, values: readonly string[]) => ({
  kind: "filter" as const,
  member,
  op: "in" as const,
  values: [...values],
});

/** Arguments of the forecast tools for these settings; `member` narrows to one of the level. */
export function forecastArguments(settings: Settings, level: Level, member = ""): ToolArguments {
  const filters = [
    ...(settings.regions.length > 0 ? [only("region", settings.regions)] : []),
    ...(member && level !== "total" ? [only(level, [member])] : []),
  ];
  const [first] = filters;
  return {
    metric: settings.metric,
    horizon: settings.horizon,
    by: level === "total" ? [] : [level],
    ...(filters.length > 1 ? { where: { kind: "and", items: filters } } : first ? { where: first } : {}),
  };
}
