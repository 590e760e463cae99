import type { Column, Language, Scalar, Table, Unit } from "@/api/types";

/**
 * Figures as a person reads them, by unit and language; the same rules as the service's own
 * (agents/figures.py), so that a table and a sentence never show one figure in two ways.
 */
const SYMBOL: Record<string, string> = { USD: "$", EUR: "€", GBP: "£", JPY: "¥", CNY: "¥" };
const NAME_ZH: Record<string, string> = { CNY: "元", USD: "美元", EUR: "欧元", GBP: "英镑", JPY: "日元" };
const WAN = 1e4;
const YI = 1e8;

function grouped(value: number, places: number): string {
  return value.toLocaleString("en-US", { minimumFractionDigits: places, maximumFractionDigits: places });
}

/** Whole numbers without decimals, others with two. */
export function plain(value: number): string {
  return Number.isInteger(value) ? grouped(value, 0) : grouped(value, 2);
}

function isPoints(column: Pick<Column, "name">): boolean {
  return /(__change|difference)$/.test(column.name);
}

export function ratio(value: number, language: Language, points = false): string {
  const number = grouped(value * 100, 2);
  if (!points) return `${number}%`;
  return language === "zh" ? `${number} 个百分点` : `${number} pp`;
}

/** ¥, $, or the code where there is no sign. */
export function currencySign(currency: string): string {
  return SYMBOL[currency] ?? currency;
}

/** Money in full: 3,312,681.03 with the currency's sign where there is one. */
export function money(value: number, currency: string | null | undefined): string {
  const sign = value < 0 ? "-" : "";
  const symbol = currency ? (SYMBOL[currency] ?? `${currency} `) : "";
  return `${sign}${symbol}${grouped(Math.abs(value), 2)}`;
}

/** Money as said: 331.27万元, 1.2346亿元; in English with thousands separators. */
export function moneyShort(value: number, currency: string | null | undefined, language: Language): string {
  if (language === "en") return money(value, currency);
  const name = currency ? (NAME_ZH[currency] ?? ` ${currency}`) : "";
  const size = Math.abs(value);
  if (size >= YI) return `${grouped(value / YI, 4)}亿${name}`;
  if (size >= WAN) return `${grouped(value / WAN, 2)}万${name}`;
  return `${grouped(value, 2)}${name}`;
}

/** A number for an axis: 120万, 1.5亿; 1.2M, 30K. */
export function compact(value: number, language: Language): string {
  const size = Math.abs(value);
  const round = (x: number) => x.toLocaleString("en-US", { maximumFractionDigits: Math.abs(x) < 10 ? 1 : 0 });
  if (language === "zh") {
    if (size >= YI) return `${round(value / YI)}亿`;
    if (size >= WAN) return `${round(value / WAN)}万`;
    return round(value);
  }
  if (size >= 1e9) return `${round(value / 1e9)}B`;
  if (size >= 1e6) return `${round(value / 1e6)}M`;
  if (size >= 1e3) return `${round(value / 1e3)}K`;
  return round(value);
}

/** A cell of a result. Missing values are an em dash; `null` never becomes 0. */
export function formatCell(value: Scalar | undefined, column: Column, language: Language): string {
  if (value === null || value === undefined) return "—";
  if (typeof value === "boolean") {
    if (language === "zh") return value ? "是" : "否";
    return value ? "yes" : "no";
  }
  if (typeof value === "string" || column.unit === "text" || column.unit === "date") return String(value);
  switch (column.unit) {
    case "ratio":
      return ratio(value, language, isPoints(column));
    case "money":
      return money(value, column.currency);
    default:
      return plain(value);
  }
}

/** A figure as it would stand in a sentence: with 万元, %, 天. */
export function formatSpoken(value: Scalar | undefined, column: Column, language: Language): string {
  if (typeof value !== "number") return formatCell(value, column, language);
  if (column.unit === "money") return moneyShort(value, column.currency, language);
  if (column.unit === "days") return language === "zh" ? `${plain(value)} 天` : `${plain(value)} days`;
  return formatCell(value, column, language);
}

/**
 * A figure as it stands on a page: rounded so that it is taken in at a glance. The evidence behind
 * it holds it in full.
 */
export function formatBrief(value: Scalar | undefined, column: Column, language: Language): string {
  if (typeof value !== "number") return formatCell(value, column, language);
  switch (column.unit) {
    case "money":
      return moneyBrief(value, column.currency, language);
    case "ratio": {
      const number = grouped(value * 100, 1);
      // a small probability is no impossibility
      if (!isPoints(column)) return value > 0 && number === "0.0" ? "<0.1%" : `${number}%`;
      return language === "zh" ? `${number} 个百分点` : `${number} pp`;
    }
    case "days":
      return language === "zh" ? `${few(value)} 天` : `${few(value)} ${value === 1 ? "day" : "days"}`;
    default:
      return few(value);
  }
}

/** Whole where it is whole or large, else one decimal. */
function few(value: number): string {
  return Number.isInteger(value) || Math.abs(value) >= 1000 ? grouped(value, 0) : grouped(value, 1);
}

function moneyBrief(value: number, currency: string | null | undefined, language: Language): string {
  const size = Math.abs(value);
  if (language === "zh") {
    const name = currency ? (NAME_ZH[currency] ?? ` ${currency}`) : "";
    if (size >= YI) return `${grouped(value / YI, 2)}亿${name}`;
    if (size >= WAN) return `${grouped(value / WAN, size >= 1000 * WAN ? 0 : 1)}万${name}`;
    return `${grouped(value, 0)}${name}`;
  }
  const symbol = currency ? (SYMBOL[currency] ?? `${currency} `) : "";
  const sign = value < 0 ? "-" : "";
  for (const [unit, letter] of [
    [1e9, "B"],
    [1e6, "M"],
    [1e3, "K"],
  ] as const) {
    if (size >= unit) return `${sign}${symbol}${grouped(size / unit, unit === 1e3 ? 0 : 2)}${letter}`;
  }
  return `${sign}${symbol}${grouped(size, 0)}`;
}

/** A change with its sign: +12.3%, -4.0%. */
export function formatChange(value: Scalar | undefined, column: Column, language: Language): string {
  const text = formatBrief(value, column, language);
  return typeof value === "number" && value > 0 && !text.startsWith("<") ? `+${text}` : text;
}

const NUMERIC: ReadonlySet<Unit> = new Set<Unit>(["money", "ratio", "count", "quantity", "days", "each"]);
const NAMED: ReadonlySet<string> = new Set<Unit>([
  "money",
  "ratio",
  "count",
  "quantity",
  "days",
  "date",
  "text",
]);

/** A column with the unit that it has in one row of its table: a table of KPIs names it row by row. */
export function columnIn(table: Table, row: readonly Scalar[] | undefined, column: Column): Column {
  if (column.unit !== "each") return column;
  const unit = row?.[table.columns.findIndex((other) => other.name === "unit")];
  return typeof unit === "string" && NAMED.has(unit)
    ? { ...column, unit: unit as Unit }
    : { ...column, unit: "quantity" };
}

/** Whether a column is aligned right and set in tabular figures. */
export function isNumeric(column: Pick<Column, "unit">): boolean {
  return NUMERIC.has(column.unit);
}

/** A column's name for people; the service sends labels, older answers may lack them. */
export function columnLabel(column: Column, language: Language): string {
  const label = column.label?.[language];
  if (label) return language === "en" ? label.charAt(0).toUpperCase() + label.slice(1) : label;
  return column.label?.zh || column.label?.en || column.name;
}

export function formatCount(value: number): string {
  return grouped(value, 0);
}

/** 850 ms, 1.2 s, 1 min 5 s. */
export function formatDuration(milliseconds: number): string {
  if (milliseconds < 0.95) return "<1 ms";
  if (milliseconds < 1000) return `${Math.round(milliseconds)} ms`;
  if (milliseconds < 60_000) return `${(milliseconds / 1000).toFixed(milliseconds < 10_000 ? 1 : 0)} s`;
  const seconds = Math.round(milliseconds / 1000);
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/** What model calls cost, a decimal number as text: 12.30 USD, 0.00182 USD. Null where none is known. */
export function formatCost(cost: string | null, currency: string | null): string | null {
  const value = cost === null ? Number.NaN : Number(cost);
  if (!Number.isFinite(value)) return cost;
  const number =
    value === 0 || Math.abs(value) >= 1 ? grouped(value, 2) : String(Number(value.toPrecision(3)));
  return currency ? `${number} ${currency}` : number;
}

export function formatBytes(bytes: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  let size = bytes;
  let unit = 0;
  while (size >= 1000 && unit < units.length - 1) {
    size /= 1000;
    unit += 1;
  }
  return `${unit === 0 ? size : size.toFixed(size < 10 ? 1 : 0)} ${units[unit]}`;
}

// Swedish writes dates as the data do: 2026-10-31, never 2026/10/31 beside it.
const LOCALE: Record<Language, string> = { zh: "sv-SE", en: "en-GB" };

/** A moment in the instance's or the reader's timezone: 2026-10-31 14:05 / 31 Oct 2026, 14:05. */
export function formatDateTime(iso: string, language: Language, timezone?: string): string {
  const moment = new Date(iso);
  if (Number.isNaN(moment.getTime())) return iso;
  return new Intl.DateTimeFormat(LOCALE[language], {
    year: "numeric",
    month: language === "zh" ? "2-digit" : "short",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
    ...(timezone ? { timeZone: timezone } : {}),
  }).format(moment);
}

/** Today 14:05, otherwise the day: for lists. `now` is a parameter so that tests can hold it. */
export function formatWhen(
  iso: string,
  language: Language,
  timezone?: string,
  now: Date = new Date(),
): string {
  const moment = new Date(iso);
  if (Number.isNaN(moment.getTime())) return iso;
  const zone = timezone ? { timeZone: timezone } : {};
  const day = new Intl.DateTimeFormat("en-CA", zone);
  const today = day.format(now);
  if (day.format(moment) === today) {
    const time = { hour: "2-digit", minute: "2-digit", hourCycle: "h23", ...zone } as const;
    return new Intl.DateTimeFormat(LOCALE[language], time).format(moment);
  }
  const sameYear = day.format(moment).slice(0, 4) === today.slice(0, 4);
  if (language === "zh") return sameYear ? day.format(moment).slice(5) : day.format(moment);
  return new Intl.DateTimeFormat(LOCALE.en, {
    month: "short",
    day: "numeric",
    ...(sameYear ? {} : { year: "numeric" as const }),
    ...zone,
  }).format(moment);
}
