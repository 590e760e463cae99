import type { Figure } from "@/api/types";

export type Segment =
  | { kind: "text"; text: string }
  | { kind: "figure"; text: string; figure: Figure }
  | { kind: "citation"; number: number };
export type Block = { kind: "paragraph"; segments: Segment[] } | { kind: "list"; items: Segment[][] };

const MARK = /\s?\[(\d+)\]/g;
const BULLET = "- ";

/**
 * The text of an answer as paragraphs and lists. `figures` count code points of `text`; citation
 * marks become segments of their own when their number is in `cited`. Nothing is read as HTML or
 * Markdown but leading "- ".
 */
export function answerBlocks(text: string, figures: readonly Figure[], cited: ReadonlySet<number>): Block[] {
  const points = Array.from(text);
  const sorted = figures
    .filter((figure) => figure.start >= 0 && figure.end <= points.length && figure.start < figure.end)
    .sort((a, b) => a.start - b.start);
  const blocks: Block[] = [];
  let start = 0;
  while (start <= points.length) {
    let end = points.indexOf("\n", start);
    if (end < 0) end = points.length;
    const bullet = points.slice(start, start + BULLET.length).join("") === BULLET;
    const from = bullet ? start + BULLET.length : start;
    const segments = segmentsOf(points, from, end, sorted, cited);
    const last = blocks.at(-1);
    if (bullet && last?.kind === "list") last.items.push(segments);
    else if (bullet) blocks.push({ kind: "list", items: [segments] });
    else if (segments.length > 0) blocks.push({ kind: "paragraph", segments });
    start = end + 1;
  }
  return blocks;
}

function segmentsOf(
  points: string[],
  from: number,
  to: number,
  figures: readonly Figure[],
  cited: ReadonlySet<number>,
): Segment[] {
  const segments: Segment[] = [];
  let at = from;
  for (const figure of figures) {
    if (figure.start < at || figure.end > to) continue; // of another line, or overlapping
    pushText(segments, points.slice(at, figure.start).join(""), cited);
    segments.push({ kind: "figure", text: points.slice(figure.start, figure.end).join(""), figure });
    at = figure.end;
  }
  pushText(segments, points.slice(at, to).join(""), cited);
  return segments;
}

function pushText(segments: Segment[], text: string, cited: ReadonlySet<number>): void {
  let at = 0;
  for (const match of text.matchAll(MARK)) {
    const number = Number(match[1]);
    if (!cited.has(number)) continue;
    if (match.index > at) segments.push({ kind: "text", text: text.slice(at, match.index) });
    segments.push({ kind: "citation", number });
    at = match.index + match[0].length;
  }
  if (at < text.length) segments.push({ kind: "text", text: text.slice(at) });
}
