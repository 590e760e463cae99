import { useMemo, useState } from "react";
import type { Column, Scalar, Table } from "@/api/types";
import { useLanguage } from "@/i18n/language";
import { columnIn, columnLabel, currencySign, formatCell, isNumeric } from "@/lib/format";
import { m } from "./messages";
import styles from "./ResultTable.module.css";

interface Props {
  table: Table;
  /** Names the table for a screen reader. */
  caption: string;
  /** The cell or row that a figure came from; it is marked and scrolled to. */
  highlight?: { row: number | null; column: string | null } | null;
  /** Greatest height before the table scrolls by itself, in px. */
  maxHeight?: number;
}

interface Sort {
  column: number;
  descending: boolean;
}

/** Rows of evidence, formatted by unit and language, sortable by any column. */
export function ResultTable({ table, caption, highlight, maxHeight }: Props) {
  const { language, t } = useLanguage();
  const [sort, setSort] = useState<Sort | null>(null);
  const order = useMemo(() => sortedIndexes(table.rows, sort), [table.rows, sort]);

  const toggle = (column: number) => {
    setSort((old) => {
      if (old?.column !== column)
        return { column, descending: isNumeric(table.columns[column] ?? { unit: "text" }) };
      const first = isNumeric(table.columns[column] ?? { unit: "text" });
      return old.descending === first ? { column, descending: !first } : null;
    });
  };

  return (
    // A group, not a region: several tables on a page would be as many landmarks.
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for controls
    <div
      role="group"
      className={styles.scroll}
      style={maxHeight ? { maxHeight } : undefined}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
      tabIndex={0}
      aria-label={caption}
    >
      <table className={styles.table}>
        <caption className="ll-visually-hidden">{caption}</caption>
        <thead>
          <tr>
            {table.columns.map((column, index) => {
              const label = columnLabel(column, language);
              const active = sort?.column === index;
              return (
                <th
                  key={column.name}
                  scope="col"
                  data-numeric={isNumeric(column)}
                  aria-sort={active ? (sort.descending ? "descending" : "ascending") : undefined}
                >
                  <button type="button" onClick={() => toggle(index)} title={t(m.sortBy, { column: label })}>
                    {label}
                    {column.unit === "money" && column.currency ? (
                      <span className={styles.unit}> {currencySign(column.currency)}</span>
                    ) : null}
                    <span aria-hidden="true" className={styles.arrow}>
                      {active ? (sort.descending ? "↓" : "↑") : ""}
                    </span>
                  </button>
                </th>
              );
            })}
          </tr>
        </thead>
        <tbody>
          {order.map((row) => (
            <tr key={row} data-marked={highlight?.row === row || undefined}>
              {table.columns.map((column, index) => {
                const marked = highlight?.row === row && highlight.column === column.name;
                return (
                  <td
                    key={column.name}
                    data-numeric={isNumeric(column)}
                    data-marked={marked || undefined}
                    ref={marked ? intoView : undefined}
                  >
                    {formatCell(table.rows[row]?.[index], inRow(table, row, column), language)}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
      {table.rows.length === 0 ? <p className={styles.empty}>{t(m.noRows)}</p> : null}
    </div>
  );
}

/** The currency stands once, in the head of its column; where units differ by row, in the row. */
function inRow(table: Table, row: number, column: Column): Column {
  if (column.unit === "each") return columnIn(table, table.rows[row], column);
  return column.unit === "money" ? { ...column, currency: null } : column;
}

function intoView(cell: HTMLElement | null): void {
  cell?.scrollIntoView({ block: "center", inline: "nearest" });
}

/** Indexes of `rows` in the order to show; missing values stand last either way. */
function sortedIndexes(rows: Scalar[][], sort: Sort | null): number[] {
  const indexes = rows.map((_, index) => index);
  if (!sort) return indexes;
  const collator = new Intl.Collator("zh-CN", { numeric: true });
  return indexes.sort((a, b) => {
    const x = rows[a]?.[sort.column] ?? null;
    const y = rows[b]?.[sort.column] ?? null;
    if (x === null || y === null) return Number(x === null) - Number(y === null);
    const difference =
      typeof x === "number" && typeof y === "number" ? x - y : collator.compare(String(x), String(y));
    return sort.descending ? -difference : difference;
  });
}
