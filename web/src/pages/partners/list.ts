import type { Figures } from "@/api/types";
import type { RecordSort } from "@/components/RecordTable";
import { RISK_BANDS, SEGMENTS } from "@/lib/partners";
import { byName, type Row, rowsOf } from "@/lib/rows";
import { manyOf } from "@/lib/urlState";

/** One partner, as far as each tool knows it. */
export interface Partner {
  name: string;
  region: string;
  health: Row | undefined;
  segment: Row | undefined;
  churn: Row | undefined;
}

/** Results of the three lists, joined by the partner's name. */
export function joined(health?: Figures, segments?: Figures, churn?: Figures): Partner[] {
  const rows = [byName(health, "partner"), byName(segments, "partner"), byName(churn, "partner")] as const;
  const names = new Set(rows.flatMap((map) => [...map.keys()]));
  return [...names].map((name) => {
    const [healthRow, segmentRow, churnRow] = rows.map((map) => map.get(name));
    const region = (healthRow ?? segmentRow ?? churnRow)?.text("region") ?? "";
    return { name, region, health: healthRow, segment: segmentRow, churn: churnRow };
  });
}

export const SORTS = ["partner", "health", "risk", "exposure", "amount", "growth", "lastOrder"] as const;
export type SortKey = (typeof SORTS)[number];
export const DESCENDING: Record<SortKey, boolean> = {
  partner: false,
  health: false,
  risk: true,
  exposure: true,
  amount: true,
  growth: true,
  lastOrder: true,
};

/** What the list is narrowed to and how it stands, from the page's address. */
export interface ListState {
  q: string;
  regions: string[];
  segments: string[];
  bands: string[];
  sort: RecordSort & { key: SortKey };
  page: number;
}

export function readListState(search: URLSearchParams): ListState {
  const wanted = search.get("sort") ?? "";
  const key = (SORTS as readonly string[]).includes(wanted) ? (wanted as SortKey) : "amount";
  const order = search.get("order");
  const page = Number(search.get("page"));
  const among = (name: string, known: readonly string[]) =>
    manyOf(search, name).filter((value) => known.includes(value));
  return {
    q: search.get("q")?.trim() ?? "",
    regions: manyOf(search, "region"),
    segments: among("segment", SEGMENTS),
    bands: among("risk", RISK_BANDS),
    sort: { key, descending: order === "asc" ? false : order === "desc" ? true : DESCENDING[key] },
    page: Number.isInteger(page) && page > 1 ? page : 1,
  };
}

/** The row that holds the sales of the last 12 months: any of the three may. */
export function amountRow({ segment, churn, health }: Partner): Row | undefined {
  return [segment, churn, health].find((row) => row?.number("amount_12m") !== null && row !== undefined);
}

const VALUES: Record<Exclude<SortKey, "partner">, (partner: Partner) => number | null> = {
  health: ({ health }) => health?.number("score") ?? null,
  risk: ({ churn }) => churn?.number("risk") ?? null,
  exposure: ({ churn }) => churn?.number("exposure") ?? null,
  amount: (partner) => amountRow(partner)?.number("amount_12m") ?? null,
  growth: ({ segment }) => segment?.number("growth") ?? null,
  lastOrder: ({ churn }) => churn?.number("days_since_last_order") ?? null,
};

const collator = new Intl.Collator("zh-CN", { numeric: true });

/** Those that the state keeps, in its order; what has no figure stands last either way. */
export function arranged(partners: readonly Partner[], state: ListState): Partner[] {
  const q = state.q.toLowerCase();
  const kept = partners.filter(
    (one) =>
      (q === "" || one.name.toLowerCase().includes(q)) &&
      (state.regions.length === 0 || state.regions.includes(one.region)) &&
      (state.segments.length === 0 || state.segments.includes(one.segment?.text("segment") ?? "")) &&
      (state.bands.length === 0 || state.bands.includes(one.churn?.text("band") ?? "")),
  );
  const { key, descending } = state.sort;
  const sign = descending ? -1 : 1;
  if (key === "partner") return kept.sort((a, b) => sign * collator.compare(a.name, b.name));
  const value = VALUES[key];
  return kept
    .map((one) => ({ one, figure: value(one) }))
    .sort((a, b) => {
      if (a.figure === null || b.figure === null)
        return Number(a.figure === null) - Number(b.figure === null);
      return sign * (a.figure - b.figure) || collator.compare(a.one.name, b.one.name);
    })
    .map(({ one }) => one);
}

export const PAGE_SIZE = 50;

/** How often each value occurs, to say so beside a choice. */
export function counted(figures: Figures | undefined, column: string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const row of figures ? rowsOf(figures) : [])
    counts.set(row.text(column), (counts.get(row.text(column)) ?? 0) + 1);
  return counts;
}
