import type { Citation, Scalar, Span, Table } from "@/api/types";

/**
 * Attributes of spans are what the service wrote at the time, and other versions write other ones:
 * every reader here takes whatever stands there and says `null` rather than fail.
 */
export type Attributes = Readonly<Record<string, unknown>>;

export const GEN_AI = {
  toolName: "gen_ai.tool.name",
  toolArguments: "gen_ai.tool.call.arguments",
  toolResult: "gen_ai.tool.call.result",
  requestModel: "gen_ai.request.model",
  responseModel: "gen_ai.response.model",
  provider: "gen_ai.provider.name",
  temperature: "gen_ai.request.temperature",
  maxTokens: "gen_ai.request.max_tokens",
  finishReasons: "gen_ai.response.finish_reasons",
  inputTokens: "gen_ai.usage.input_tokens",
  outputTokens: "gen_ai.usage.output_tokens",
  cachedTokens: "gen_ai.usage.cache_read.input_tokens",
  reasoningTokens: "gen_ai.usage.reasoning.output_tokens",
  inputMessages: "gen_ai.input.messages",
  outputMessages: "gen_ai.output.messages",
  /** In seconds. */
  firstChunk: "gen_ai.response.time_to_first_chunk",
} as const;

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** JSON data, also where it was kept as its text. */
function data(value: unknown): unknown {
  if (typeof value !== "string" || !/^\s*[[{]/.test(value)) return value;
  try {
    return JSON.parse(value) as unknown;
  } catch {
    return value;
  }
}

export function text(attributes: Attributes, key: string): string | null {
  const value = attributes[key];
  if (typeof value === "string") return value === "" ? null : value;
  return typeof value === "number" || typeof value === "boolean" ? String(value) : null;
}

export function number(attributes: Attributes, key: string): number | null {
  const value = attributes[key];
  return typeof value === "number" && Number.isFinite(value) ? value : null;
}

export function list(attributes: Attributes, key: string): unknown[] {
  const value = data(attributes[key]);
  return Array.isArray(value) ? value : [];
}

export function record(attributes: Attributes, key: string): Record<string, unknown> | null {
  const value = data(attributes[key]);
  return isRecord(value) ? value : null;
}

export function texts(attributes: Attributes, key: string): string[] {
  return list(attributes, key).map((item) => (typeof item === "string" ? item : JSON.stringify(item)));
}

/** A word of the question and what the rules took it for. */
export interface Token {
  text: string;
  kind: string;
  value: string;
  score: number | null;
  means: string[];
}

/** The rules' matches; long lists end with a note of how many were left out, which is no match. */
export function tokens(attributes: Attributes): Token[] {
  return list(attributes, "tokens")
    .filter(isRecord)
    .map((token) => ({
      text: text(token, "text") ?? "",
      kind: text(token, "kind") ?? "",
      value: text(token, "value") ?? "",
      score: number(token, "score"),
      means: texts(token, "means"),
    }));
}

export interface Mended {
  from: string;
  to: string;
  score: number | null;
}

export function mended(attributes: Attributes): Mended[] {
  return list(attributes, "mended")
    .filter(isRecord)
    .map((one) => ({
      from: text(one, "from") ?? "",
      to: text(one, "to") ?? "",
      score: number(one, "score"),
    }));
}

export interface ToolCall {
  name: string;
  arguments: unknown;
}
export interface ChatMessage {
  role: string;
  content: string;
  calls: ToolCall[];
  callId: string | null;
}

/** Messages of a chat, in the forms of the chat API. */
export function messages(attributes: Attributes, key: string): ChatMessage[] {
  return list(attributes, key)
    .filter(isRecord)
    .map((message) => ({
      role: text(message, "role") ?? "?",
      content: contentOf(message.content ?? message.parts),
      calls: list(message, "tool_calls").filter(isRecord).map(callOf),
      callId: text(message, "tool_call_id"),
    }));
}

function contentOf(content: unknown): string {
  if (content === undefined || content === null) return "";
  return typeof content === "string" ? content : JSON.stringify(content, null, 2);
}

function callOf(call: Record<string, unknown>): ToolCall {
  const inner = record(call, "function") ?? call;
  return { name: text(inner, "name") ?? "?", arguments: data(inner.arguments ?? inner.args) };
}

/** A value as indented JSON. */
export function pretty(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value, null, 2);
}

/** The first rows of a tool's result; `leftOut` of them are not in the span. */
export interface ToolRows {
  table: Table;
  leftOut: number;
}

/**
 * Rows as a table. A span keeps names of columns only; units and labels come from the citation of
 * the answer that has the same columns and first row.
 */
export function toolRows(span: Span, citations: readonly Citation[]): ToolRows | null {
  const result = record(span.attributes, GEN_AI.toolResult);
  if (!result) return null;
  const names = texts(result, "columns");
  const rows = list(result, "rows").filter((row): row is unknown[] => Array.isArray(row));
  if (names.length === 0) return null;
  const first = JSON.stringify(rows[0] ?? null);
  const alike = citations.filter(
    (citation) => citation.columns.map((column) => column.name).join("\n") === names.join("\n"),
  );
  const cited = alike.find((citation) => JSON.stringify(citation.rows[0] ?? null) === first) ?? alike[0];
  return {
    table: {
      columns: cited?.columns ?? names.map((name, at) => ({ name, unit: unitOf(rows, at) })),
      rows: rows.map((row) => row.map(scalar)),
    },
    leftOut: number(result, "rows_left_out") ?? 0,
  };
}

function scalar(value: unknown): Scalar {
  if (value === null || typeof value === "number" || typeof value === "boolean") return value;
  return typeof value === "string" ? value : JSON.stringify(value);
}

function unitOf(rows: readonly unknown[][], at: number): "count" | "text" {
  return rows.some((row) => typeof row[at] === "number") ? "count" : "text";
}

/** A piece of the question with the match that covers it; null where nothing does. */
export interface Annotated {
  text: string;
  token: Token | null;
}

/** The question cut at its matches, which are looked up in their order. */
export function annotated(question: string, matches: readonly Token[]): Annotated[] {
  const pieces: Annotated[] = [];
  let at = 0;
  for (const token of matches) {
    const found = token.text === "" ? -1 : question.indexOf(token.text, at);
    if (found < 0) continue;
    if (found > at) pieces.push({ text: question.slice(at, found), token: null });
    pieces.push({ text: token.text, token });
    at = found + token.text.length;
  }
  if (at < question.length) pieces.push({ text: question.slice(at), token: null });
  return pieces;
}
