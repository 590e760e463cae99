import type { Column, Figures, Language, Scalar, Table } from "@/api/types";

/** One row of a result, read by the names of its columns; what is not there is null. */
export class Row {
  readonly #table: Table;
  readonly #at: ReadonlyMap<string, number>;
  /** Its place in the result: what a citation points to. */
  readonly index: number;

  constructor(table: Table, at: ReadonlyMap<string, number>, index: number) {
    this.#table = table;
    this.#at = at;
    this.index = index;
  }

  has(name: string): boolean {
    return this.#at.has(name);
  }
  get(name: string): Scalar {
    const at = this.#at.get(name);
    return at === undefined ? null : (this.#table.rows[this.index]?.[at] ?? null);
  }
  /** A figure, or null where there is none. */
  number(name: string): number | null {
    const value = this.get(name);
    return typeof value === "number" ? value : null;
  }
  text(name: string): string {
    const value = this.get(name);
    return value === null ? "" : String(value);
  }
  /** A text that stands in two columns, `name_zh` and `name_en`. */
  words(name: string, language: Language): string {
    return this.text(`${name}_${language}`) || this.text(`${name}_zh`) || this.text(`${name}_en`);
  }
}

export function rowsOf(table: Table): Row[] {
  const at = new Map(table.columns.map((column, index) => [column.name, index]));
  return table.rows.map((_, index) => new Row(table, at, index));
}

export function columnOf(table: Table, name: string): Column | undefined {
  return table.columns.find((column) => column.name === name);
}

/** Rows of several results that speak of the same thing, by its name. */
export function byName(figures: Figures | undefined, name: string): Map<string, Row> {
  return new Map(figures ? rowsOf(figures).map((row) => [row.text(name), row]) : []);
}

/** Reasons are one text per reader, part by part: at semicolons, line ends or bullets. */
export function parts(text: string): string[] {
  return text
    .split(/[；;\n]+/)
    .map((part) => part.replace(/^[•·\-\s]+/, "").trim())
    .filter(Boolean);
}
