import type { Language, RowError, SemanticDimension, SemanticMetric, SnapshotItem, Table } from "@/api/types";
import { type Message, translate } from "@/i18n/message";
import { m, reasonWords, tableWords } from "./messages";

/** What a person calls a table; its machine name where there is no word for it. */
export function tableName(table: string, language: Language): string {
  const words = (tableWords as Record<string, Message>)[table];
  return words ? translate(language, words) : table;
}

/** The sentence for a stored reason, `code` or `code: detail`; an unknown one is shown as it is. */
export function reasonText(reason: string, language: Language): string {
  const at = reason.indexOf(": ");
  const code = at < 0 ? reason : reason.slice(0, at);
  const words = (reasonWords as Record<string, Message>)[code];
  if (!words) return reason;
  if (at < 0) return translate(language, words);
  const detail = reason.slice(at + 2);
  if (language === "en") return `${translate(language, words)}: ${detail}`;
  // A reference names its table: `partner P9999`.
  return `${translate(language, words)}：${detail.replace(/^[a-z_]+(?= )/, (table) => tableName(table, "zh"))}`;
}

/** Row errors as a table to download, reasons in the reader's words. */
export function errorTable(errors: readonly RowError[], language: Language): Table {
  const columns = [m.source, m.file, m.sheet, m.row, m.column, m.value, m.reason, m.table].map(
    (label, at) => ({
      name: String(at),
      unit: "text" as const,
      label: { zh: label.zh, en: label.en as string },
    }),
  );
  const rows = errors.map((error) => [
    error.source,
    error.file,
    error.sheet,
    error.row_no,
    error.column,
    error.value,
    reasonText(error.reason, language),
    error.table,
  ]);
  return { columns, rows };
}

export function totalRows(tables: Readonly<Record<string, number>>): number {
  return Object.values(tables).reduce((sum, rows) => sum + rows, 0);
}

/** Entries of `tables`, the largest first. */
export function largestFirst(tables: Readonly<Record<string, number>>): [table: string, rows: number][] {
  return Object.entries(tables).sort(([a, x], [b, y]) => y - x || a.localeCompare(b));
}

const SHOWN_TABLES = 6;
/** How many snapshots the chart shows at most: the newest. */
export const SHOWN_SNAPSHOTS = 24;

/** Rows per snapshot, oldest first, the largest tables by name and the others in one: for a stacked chart. */
export function growthTable(snapshots: readonly SnapshotItem[], language: Language): Table {
  const shown = [...snapshots].sort((a, b) => a.number - b.number).slice(-SHOWN_SNAPSHOTS);
  const newest = shown.at(-1);
  const named = new Set(
    largestFirst(newest?.tables ?? {})
      .slice(0, SHOWN_TABLES)
      .map(([table]) => table),
  );
  const rows = shown.flatMap((snapshot) => {
    const name = translate(language, m.snapshotName, { number: snapshot.number });
    const known = [...named].map((table) => [name, tableName(table, language), snapshot.tables[table] ?? 0]);
    let others = 0;
    for (const [table, count] of Object.entries(snapshot.tables)) if (!named.has(table)) others += count;
    return others > 0 ? [...known, [name, translate(language, m.otherTables), others]] : known;
  });
  return {
    columns: [
      { name: "snapshot", unit: "text", label: { zh: "快照", en: "Snapshot" } },
      { name: "table", unit: "text", label: { zh: "数据表", en: "Table" } },
      { name: "rows", unit: "count", label: { zh: "行数", en: "Rows" } },
    ],
    rows,
  };
}

export interface TableChange {
  table: string;
  change: number;
}

/** Which tables have more or fewer rows than in the snapshot before, the greatest change first. */
export function tableChanges(now: SnapshotItem, before: SnapshotItem): TableChange[] {
  const names = new Set([...Object.keys(now.tables), ...Object.keys(before.tables)]);
  return [...names]
    .map((table) => ({ table, change: (now.tables[table] ?? 0) - (before.tables[table] ?? 0) }))
    .filter(({ change }) => change !== 0)
    .sort((a, b) => Math.abs(b.change) - Math.abs(a.change) || a.table.localeCompare(b.table));
}

type Described = SemanticMetric | SemanticDimension;

/** Those whose name, labels, definitions or synonyms hold every word of `query`, in either language. */
export function matching<T extends Described>(items: readonly T[], query: string): T[] {
  const words = query.normalize("NFKC").toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return [...items];
  const found = items.filter((item) => {
    const text = haystack(item);
    return words.every((word) => text.includes(word));
  });
  return found.sort((a, b) => rank(a, words) - rank(b, words));
}

function haystack(item: Described): string {
  const { label, definition, synonyms } = item;
  return [item.name, label.zh, label.en, ...synonyms.zh, ...synonyms.en, definition.zh, definition.en]
    .join("\n")
    .normalize("NFKC")
    .toLowerCase();
}

/** A hit in the name comes before one in a synonym, and that before one in a definition. */
function rank(item: Described, words: readonly string[]): number {
  const { label, synonyms } = item;
  const names = [item.name, label.zh, label.en].join("\n").toLowerCase();
  if (words.every((word) => names.includes(word))) return 0;
  const others = [...synonyms.zh, ...synonyms.en].join("\n").toLowerCase();
  return words.every((word) => others.includes(word)) ? 1 : 2;
}

/** A question about a metric that the rules understand. */
export function metricQuestion(metric: SemanticMetric, language: Language): string {
  const byRegion = metric.dimensions.includes("region");
  if (language === "zh")
    return byRegion ? `今年各大区的${metric.label.zh}` : `今年的${metric.label.zh}是多少？`;
  return byRegion ? `${metric.label.en} by region this year` : `${metric.label.en} this year`;
}

/** A question that splits a metric by a dimension; null where nothing with data can be split by it. */
export function dimensionQuestion(
  dimension: SemanticDimension,
  metrics: readonly SemanticMetric[],
  language: Language,
): string | null {
  if (dimension.kind === "date") return null;
  const metric = metrics.find((one) => one.available && one.dimensions.includes(dimension.name));
  if (!metric) return null;
  return language === "zh"
    ? `今年各${dimension.label.zh}的${metric.label.zh}`
    : `${metric.label.en} by ${dimension.label.en} this year`;
}
