import type { Figures } from "@/api/types";
import { type Row, rowsOf } from "@/lib/rows";
import { m } from "./messages";

export const CATEGORIES = [
  "results",
  "pipeline",
  "registration",
  "engagement",
  "capability",
  "investment",
  "risk",
] as const;

export const CATEGORY_NAMES = {
  results: m.results,
  pipeline: m.pipeline,
  registration: m.registration,
  engagement: m.engagement,
  capability: m.capability,
  investment: m.investment,
  risk: m.riskCategory,
} as const;

export interface KpiGroup {
  category: string;
  /** KPIs with a value. */
  known: Row[];
  /** KPIs that the data do not carry, with the reason. */
  missing: Row[];
}

/** KPIs by category, in the order in which one reads them; what the data lack stands apart. */
export function kpiGroups(figures: Figures, value = "value"): KpiGroup[] {
  const groups = new Map<string, KpiGroup>(
    CATEGORIES.map((category) => [category, { category, known: [], missing: [] }]),
  );
  for (const row of rowsOf(figures)) {
    const category = row.text("category");
    const group = groups.get(category) ?? { category, known: [], missing: [] };
    groups.set(category, group);
    if (row.get(value) === null) group.missing.push(row);
    else group.known.push(row);
  }
  return [...groups.values()].filter(({ known, missing }) => known.length + missing.length > 0);
}

/** A percentile as a whole number of percent, never 0 or 100: nobody is better than all. */
export function peers(percentile: number): number {
  return Math.max(1, Math.min(99, Math.round(percentile * 100)));
}

export function percentileTone(percentile: number | null): "good" | "primary" | "warn" | "bad" | "soft" {
  if (percentile === null) return "soft";
  if (percentile >= 0.75) return "good";
  if (percentile >= 0.4) return "primary";
  return percentile >= 0.2 ? "warn" : "bad";
}
