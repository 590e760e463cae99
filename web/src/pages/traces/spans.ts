import type { Span, SpanKind } from "@/api/types";

/** One line of the waterfall. */
export interface SpanRow {
  span: Span;
  /** 0 for the root. */
  depth: number;
  children: string[];
}

/**
 * Spans as a tree in the order to show: a parent before its children, those by their start. A span
 * whose parent is not there stands at the top; one that is its own ancestor too, rather than nowhere.
 */
export function spanRows(spans: readonly Span[]): SpanRow[] {
  const known = new Map(spans.map((span) => [span.span_id, span]));
  const children = new Map<string | null, Span[]>();
  for (const span of [...spans].sort((a, b) => a.start_ms - b.start_ms)) {
    const parent = span.parent_id !== null && known.has(span.parent_id) ? span.parent_id : null;
    children.set(parent, [...(children.get(parent) ?? []), span]);
  }
  const rows: SpanRow[] = [];
  const shown = new Set<string>();
  const visit = (span: Span, depth: number) => {
    if (shown.has(span.span_id)) return;
    shown.add(span.span_id);
    const below = (children.get(span.span_id) ?? []).filter((child) => !shown.has(child.span_id));
    rows.push({ span, depth, children: below.map((child) => child.span_id) });
    for (const child of below) visit(child, depth + 1);
  };
  for (const span of children.get(null) ?? []) visit(span, 0);
  for (const span of spans) visit(span, 0);
  return rows;
}

/** The rows that are not inside a folded one. */
export function visibleRows(rows: readonly SpanRow[], folded: ReadonlySet<string>): SpanRow[] {
  const visible: SpanRow[] = [];
  let hiddenBelow = Number.POSITIVE_INFINITY;
  for (const row of rows) {
    if (row.depth > hiddenBelow) continue;
    hiddenBelow = folded.has(row.span.span_id) ? row.depth : Number.POSITIVE_INFINITY;
    visible.push(row);
  }
  return visible;
}

/** When the last span ends, at least `duration` and never 0. */
export function traceLength(spans: readonly Span[], duration: number): number {
  return Math.max(duration, ...spans.map((span) => span.start_ms + span.duration_ms), 0.001);
}

/** Round marks of a scale from 0, at most `most` of them after the 0. */
export function scaleMarks(length: number, most: number): number[] {
  const raw = length / Math.max(most, 1);
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 2.5, 5, 10].map((factor) => factor * power).find((one) => one >= raw) ?? raw;
  const marks: number[] = [];
  for (let index = 0; index * step <= length * 1.0001; index += 1) {
    marks.push(Number((index * step).toPrecision(12)));
  }
  return marks;
}

/** Time of a span that none of its children took. */
function ownTime(span: Span, children: readonly Span[]): number {
  let covered = 0;
  let end = span.start_ms;
  for (const child of [...children].sort((a, b) => a.start_ms - b.start_ms)) {
    const from = Math.max(child.start_ms, end);
    const to = Math.min(child.start_ms + child.duration_ms, span.start_ms + span.duration_ms);
    if (to > from) covered += to - from;
    end = Math.max(end, to);
  }
  return Math.max(0, span.duration_ms - covered);
}

/** Where the time went: each kind's own time in ms, the longest first. */
export function timeByKind(spans: readonly Span[]): { kind: SpanKind; ms: number }[] {
  const totals = new Map<SpanKind, number>();
  for (const span of spans) {
    const children = spans.filter((other) => other.parent_id === span.span_id);
    totals.set(span.kind, (totals.get(span.kind) ?? 0) + ownTime(span, children));
  }
  return [...totals].map(([kind, ms]) => ({ kind, ms })).sort((a, b) => b.ms - a.ms);
}

/** What the verifier said: `rejected` where it rejected anything, even if what was then told held. */
export function verifierVerdict(spans: readonly Span[]): string | null {
  const said = spans
    .filter((span) => spanTitle(span.name).what === "verify")
    .map((span) => span.attributes.verdict)
    .filter((verdict) => typeof verdict === "string");
  return said.find((verdict) => verdict.startsWith("rejected")) ? "rejected" : (said.at(-1) ?? null);
}

/** The span to show first: where it failed, else the root. */
export function firstToShow(rows: readonly SpanRow[]): string | null {
  const failed = rows.filter((row) => row.span.status === "error").at(-1);
  return (failed ?? rows[0])?.span.span_id ?? null;
}

/** What a span is about, by its name: the part that people have a word for, and the rest. */
export interface SpanTitle {
  what: "answer" | "context" | "plan" | "chat" | "tool" | "coverage" | "narrate" | "verify" | null;
  rest: string;
}

export function spanTitle(name: string): SpanTitle {
  const [first = "", ...others] = name.split(" ");
  const rest = others.join(" ");
  switch (first) {
    case "invoke_agent":
      return { what: "answer", rest: "" };
    case "chat":
      return { what: "chat", rest };
    case "execute_tool":
      return { what: "tool", rest };
    case "context":
    case "plan":
    case "coverage":
    case "narrate":
    case "verify":
      return { what: first, rest };
    default:
      return { what: null, rest: name };
  }
}

/** A narrator's template as plain parts and slots such as `{{c1.rows[0].amount}}`. */
export function templateParts(template: string): { text: string; slot: boolean }[] {
  return template
    .split(/(\{\{[^{}]*\}\})/)
    .filter((text) => text !== "")
    .map((text) => ({ text, slot: /^\{\{.*\}\}$/.test(text) }));
}
