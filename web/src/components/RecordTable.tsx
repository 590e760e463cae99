// biome-ignore-all lint/a11y/noRedundantRoles: cards are laid out by `display`, which drops the roles
import type { ReactNode } from "react";
import { useT } from "@/i18n/language";
import { m } from "./messages";
import styles from "./RecordTable.module.css";

export interface RecordSort {
  key: string;
  descending: boolean;
}

export interface RecordColumn<R> {
  key: string;
  title: string;
  /** Its head sorts, with this direction first. */
  sorts?: "ascending" | "descending";
  /** Null where there is nothing to show: a dash in a table, no place in a card. */
  render: (row: R) => ReactNode;
  numeric?: boolean;
  /**
   * What becomes of it on a narrow screen, where a row is a card: its heading, a line with the
   * title, a word among others without it, or nothing.
   */
  narrow?: "head" | "line" | "word" | "hide";
  /** Takes the room that others leave. */
  grow?: boolean;
  /** Never broken into lines. */
  together?: boolean;
}

interface Props<R> {
  /** Names the table for a screen reader. */
  caption: string;
  columns: readonly RecordColumn<R>[];
  rows: readonly R[];
  rowKey: (row: R) => string | number;
  /** While other rows are on their way. */
  stale?: boolean;
  /** How the rows stand; the caller sorts them. */
  sort?: RecordSort | null;
  onSort?: (sort: RecordSort) => void;
}

/**
 * Records in a table; cards on narrow screens. A link with the class of `rowLink` makes the whole
 * row its target.
 */
export function RecordTable<R>(props: Props<R>) {
  const { caption, columns, rows, rowKey, stale = false, sort = null, onSort } = props;
  const t = useT();
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
    <section className={styles.scroll} aria-label={caption} tabIndex={0} data-stale={stale}>
      <table role="table" className={styles.table} aria-busy={stale}>
        <caption className="ll-visually-hidden">{caption}</caption>
        <thead role="rowgroup">
          <tr role="row">
            {columns.map((column) => (
              <th
                key={column.key}
                role="columnheader"
                scope="col"
                data-numeric={column.numeric}
                data-grow={column.grow}
                aria-sort={
                  sort?.key === column.key ? (sort.descending ? "descending" : "ascending") : undefined
                }
              >
                {column.sorts && onSort ? (
                  <SortButton column={column} sort={sort} onSort={onSort} />
                ) : (
                  column.title
                )}
              </th>
            ))}
          </tr>
        </thead>
        <tbody role="rowgroup">
          {rows.map((row) => (
            <tr key={rowKey(row)} role="row">
              {columns.map((column) => (
                <td
                  key={column.key}
                  role="cell"
                  data-numeric={column.numeric}
                  data-together={column.together}
                  data-narrow={column.narrow ?? "line"}
                  data-label={column.title}
                >
                  {shown(column.render(row))}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {rows.length === 0 ? <p className={styles.empty}>{t(m.noRows)}</p> : null}
    </section>
  );
}

interface SortButtonProps<R> {
  column: RecordColumn<R>;
  sort: RecordSort | null;
  onSort: (sort: RecordSort) => void;
}

function SortButton<R>({ column, sort, onSort }: SortButtonProps<R>) {
  const t = useT();
  const active = sort?.key === column.key;
  const descending = active ? !sort.descending : column.sorts === "descending";
  return (
    <button
      type="button"
      className={styles.sort}
      title={t(m.sortBy, { column: column.title })}
      onClick={() => onSort({ key: column.key, descending })}
    >
      {column.title}
      <span aria-hidden="true">{active ? (sort.descending ? " ↓" : " ↑") : ""}</span>
    </button>
  );
}

/** One box per cell, so that a card never tears its parts from each other; none where nothing is. */
function shown(content: ReactNode): ReactNode {
  return content === null || content === undefined ? null : <div>{content}</div>;
}

/** Class of the link that a whole row stands for. */
export const rowLink = styles.rowLink ?? "";
/** Class of links and buttons in such a row that lead elsewhere. */
export const aboveRowLink = styles.above ?? "";
