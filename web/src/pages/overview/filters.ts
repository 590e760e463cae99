import type { SemanticModel, ToolArguments } from "@/api/types";
import { isPeriod, type Period, type PeriodName } from "@/lib/periods";
import { manyOf } from "@/lib/urlState";

/** What the page is narrowed to, as it stands in its address. */
export interface OverviewFilter {
  regions: string[];
  products: string[];
  period: PeriodName;
}

export const DEFAULT_PERIOD: PeriodName = "this_year";

export function readOverviewFilter(search: URLSearchParams): OverviewFilter {
  const period = search.get("period");
  return {
    regions: manyOf(search, "region"),
    products: manyOf(search, "product"),
    period: isPeriod(period) ? period : DEFAULT_PERIOD,
  };
}

/** What the data here carry; without a model (still loading) nothing is offered. */
export interface Carried {
  metric: (name: string) => boolean;
  splits: (metric: string, dimension: string) => boolean;
}
export function carried(model: SemanticModel | undefined): Carried {
  const metrics = new Map(model?.metrics.filter((one) => one.available).map((one) => [one.name, one]));
  return {
    metric: (name) => metrics.has(name),
    splits: (metric, dimension) => metrics.get(metric)?.dimensions.includes(dimension) ?? false,
  };
}

type Filter = { kind: "filter"; member: string; op: "in"; values: string[] };
type Where = Filter | { kind: "and"; items: Filter[] };

/** The condition of a filter, as far as a metric can be narrowed so. */
export function whereOf(
  filter: OverviewFilter,
  can: (dimension: string) => boolean = () => true,
): Where | undefined {
  const items: Filter[] = [];
  if (filter.regions.length > 0 && can("region"))
    items.push({ kind: "filter", member: "region", op: "in", values: filter.regions });
  if (filter.products.length > 0 && can("product_category"))
    items.push({ kind: "filter", member: "product_category", op: "in", values: filter.products });
  const [first] = items;
  return items.length > 1 ? { kind: "and", items } : first;
}

/** Metrics without a figure of a year before worth comparing: their own scale says enough. */
const NO_YOY: ReadonlySet<string> = new Set(["attainment"]);

/** The figures of the strip at the top: what an executive looks at first, as far as data carry it. */
export const HEADLINES = [
  "amount",
  "attainment",
  "gross_margin_rate",
  "active_partners",
  "win_rate",
  "overdue_amount",
  "orders",
  "quantity",
] as const;
const HEADLINES_SHOWN = 5;

export function headlines(carries: Carried): string[] {
  return HEADLINES.filter((name) => carries.metric(name)).slice(0, HEADLINES_SHOWN);
}

export function headlineQuery(
  metric: string,
  period: Period,
  filter: OverviewFilter,
  carries: Carried,
): ToolArguments {
  const where = whereOf(filter, (dimension) => carries.splits(metric, dimension));
  return {
    metrics: [metric],
    time: period.time,
    ...(NO_YOY.has(metric) ? {} : { compare: period.compare }),
    ...(where ? { where } : {}),
  };
}

/** Whose targets there are: of regions if possible. */
export const TARGET_DIMENSIONS = ["region", "territory", "salesperson", "partner"] as const;

export function attainmentQuery(period: Period, filter: OverviewFilter, carries: Carried) {
  if (!carries.metric("attainment")) return null;
  const dimension = TARGET_DIMENSIONS.find((name) => carries.splits("attainment", name));
  if (!dimension) return null;
  const where = whereOf(filter, (name) => carries.splits("attainment", name));
  const args: ToolArguments = {
    metrics: ["attainment", "target_amount"],
    dimensions: [dimension],
    time: period.time,
    order: [{ by: "attainment", direction: "desc" }],
    limit: 12,
    ...(where ? { where } : {}),
  };
  return { args, dimension };
}

export function moversQuery(
  direction: "asc" | "desc",
  period: Period,
  filter: OverviewFilter,
): ToolArguments {
  const where = whereOf(filter);
  return {
    metrics: ["amount"],
    dimensions: ["partner"],
    time: period.time,
    compare: period.compare,
    metric_filters: [{ metric: "amount", on: "change", op: direction === "desc" ? "gt" : "lt", value: 0 }],
    order: [{ by: "amount__change", direction }],
    limit: 5,
    ...(where ? { where } : {}),
  };
}
