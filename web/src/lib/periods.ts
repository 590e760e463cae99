import type { Bilingual } from "@/api/types";

/** The periods that a page offers, as they stand in its address. */
export const PERIODS = [
  "this_year",
  "this_quarter",
  "this_month",
  "last_quarter",
  "last_year",
  "last_12_months",
] as const;
export type PeriodName = (typeof PERIODS)[number];

export interface TimeArguments {
  start: string;
  end_excl: string;
  label: string;
  label_en: string;
  partial?: boolean;
}
export interface Period {
  name: PeriodName;
  time: TimeArguments;
  /** The same period a year earlier, as far as this one has got. */
  compare: { kind: "yoy"; start: string; end_excl: string; align: "elapsed" };
  label: Bilingual;
  /** How much of it has passed, 0 to 1. */
  elapsed: number;
}

export function isPeriod(value: string | null): value is PeriodName {
  return value !== null && (PERIODS as readonly string[]).includes(value);
}

const LABELS: Record<PeriodName, Bilingual> = {
  this_year: { zh: "今年", en: "this year" },
  this_quarter: { zh: "本季度", en: "this quarter" },
  this_month: { zh: "本月", en: "this month" },
  last_quarter: { zh: "上季度", en: "last quarter" },
  last_year: { zh: "去年", en: "last year" },
  last_12_months: { zh: "近 12 个月", en: "last 12 months" },
};

const day = (year: number, month: number, date = 1) => new Date(Date.UTC(year, month, date));
const iso = (date: Date) => date.toISOString().slice(0, 10);

/**
 * A period as the service understands it: half-open, named in full and marked as partial where the
 * as-of date lies in it. "Today" is the as-of date of the data.
 */
export function periodOf(name: PeriodName, asOf: string): Period {
  const [year = 0, month1 = 1, date = 1] = asOf.split("-").map(Number);
  const month = month1 - 1;
  const quarter = Math.floor(month / 3) * 3;
  const tomorrow = day(year, month, date + 1);
  const spans: Record<PeriodName, [Date, Date]> = {
    this_year: [day(year, 0), day(year + 1, 0)],
    this_quarter: [day(year, quarter), day(year, quarter + 3)],
    this_month: [day(year, month), day(year, month + 1)],
    last_quarter: [day(year, quarter - 3), day(year, quarter)],
    last_year: [day(year - 1, 0), day(year, 0)],
    last_12_months: [day(year - 1, month, date + 1), tomorrow],
  };
  const [start, end] = spans[name];
  const before = (at: Date) => day(at.getUTCFullYear() - 1, at.getUTCMonth(), at.getUTCDate());
  const partial = tomorrow < end;
  const label = LABELS[name];
  return {
    name,
    label,
    time: {
      start: iso(start),
      end_excl: iso(end),
      label: label.zh,
      label_en: label.en,
      ...(partial ? { partial } : {}),
    },
    compare: { kind: "yoy", start: iso(before(start)), end_excl: iso(before(end)), align: "elapsed" },
    elapsed: Math.min(1, (tomorrow.getTime() - start.getTime()) / (end.getTime() - start.getTime())),
  };
}
