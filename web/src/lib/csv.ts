import type { Language, Scalar, Table } from "@/api/types";
import { columnLabel } from "./format";

/** Rows as CSV (RFC 4180), raw figures; the byte order mark lets Excel read Chinese. */
export function toCsv(table: Table, language: Language): string {
  const lines = [table.columns.map((column) => cell(columnLabel(column, language)))];
  for (const row of table.rows) lines.push(row.map(cell));
  return `\uFEFF${lines.map((line) => line.join(",")).join("\r\n")}\r\n`;
}

function cell(value: Scalar): string {
  if (value === null) return "";
  if (typeof value !== "string") return String(value);
  // A leading sign of a formula is disarmed: spreadsheets run what starts with one.
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** Hands a text to the browser as a file, without a request. */
export function download(name: string, text: string, type = "text/csv;charset=utf-8"): void {
  save(name, new Blob([text], { type }));
}

/** Hands bytes to the browser as a file. */
export function save(name: string, bytes: Blob): void {
  const url = URL.createObjectURL(bytes);
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
