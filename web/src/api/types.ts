/** The shapes of the HTTP API, as the service's OpenAPI states them. */

export type Language = "zh" | "en";
export type Scalar = string | number | boolean | null;
export interface Bilingual {
  zh: string;
  en: string;
}
export type PlannerMode = "auto" | "rules" | "llm" | "llm-first";
export type PlannerName = "rules" | "llm";

/** RFC 9457 problem details, extended by a hint and whether a retry can help. */
export interface Problem {
  type: string;
  title: string;
  status: number;
  detail: string;
  hint?: string;
  retryable: boolean;
  instance?: string;
  trace_id?: string;
}

export interface Session {
  user: { name: string; roles: string[]; regions: string[] | null; partners: string[] | null };
  instance: { name: string; currency: string | null; timezone: string };
  language: Language;
  planner: { mode: PlannerMode; llm: { model: string; share: "schema" | "aggregates" | "rows" } | null };
  version: string;
  authenticated: boolean;
}

export interface Readiness {
  ready: boolean;
  snapshot: number | null;
  as_of: string | null;
}

// ---- answers

export type AnswerStatus = "answered" | "clarify" | "refused";
export type AnswerLabel = "已认证" | "规则推导" | "模型生成";
/** `each`: row by row another unit, which the row's column `unit` names. */
export type Unit = "money" | "ratio" | "count" | "quantity" | "days" | "date" | "text" | "each";

export interface Column {
  name: string;
  unit: Unit;
  currency?: string | null;
  label?: Bilingual;
}

export interface Table {
  columns: Column[];
  rows: Scalar[][];
}

export interface Citation extends Table {
  id: string;
  number: number;
  tool: string;
  spec: Record<string, unknown>;
  snapshot: number;
  model_version: string;
  scope_hash: string;
  row_count: number;
  truncated: boolean;
}

export type ChartKind =
  | "bar"
  | "line"
  | "grouped_bar"
  | "stacked_bar"
  | "pie"
  | "waterfall"
  | "radar"
  | "band"
  | "heatmap";
export interface ChartSpec {
  kind: ChartKind;
  citation: number;
  x: string;
  y: string[];
  series: string | null;
}

/** A range of code points of the answer's text that a figure of a citation fills. */
export interface Figure {
  start: number;
  end: number;
  citation: number;
  row: number | null;
  column: string | null;
}

export interface Planning {
  planner: PlannerName;
  fallback: string | null;
  fallback_text: Bilingual | null;
  model: string | null;
  prompt_hash: string | null;
  llm_calls: number;
  input_tokens: number;
  output_tokens: number;
  cost: string | null;
  currency: string | null;
  llm_ms: number;
}

export interface Option {
  label: string;
  question: string;
}

export type Rating = "up" | "down";
export interface Feedback {
  rating: Rating;
  comment: string | null;
  created_at: string;
}

export interface Answer {
  id: string;
  answer_id: string;
  conversation_id: string;
  question: string;
  status: AnswerStatus;
  text: string;
  language: Language;
  label: AnswerLabel;
  reading: string;
  citations: Citation[];
  options: Option[];
  followups: string[];
  chart: ChartSpec | null;
  figures: Figure[];
  planning: Planning | null;
  snapshot: number | null;
  as_of: string | null;
  latency_ms: number;
  trace_id: string;
  created_at: string | null;
  feedback?: Feedback | null;
}

export interface AskRequest {
  question: string;
  conversation_id?: string;
  planner?: PlannerMode;
  language?: Language | null;
}

export interface ConversationItem {
  conversation_id: string;
  title: string;
  answers: number;
  started_at: string;
  updated_at: string;
}
export interface Page<T> {
  items: T[];
  next: string | null;
}
export interface Conversation {
  conversation_id: string;
  title: string;
  answers: Answer[];
}

export interface Definition {
  name: string;
  label: Bilingual;
  definition: Bilingual;
  unit: Unit;
  formula: string;
}
export interface CitationDetail extends Citation {
  /** Null where a page cites it, and no answer. */
  answer_id: string | null;
  reading: Bilingual;
  snapshot_info: { number: number; created_at: string; as_of: string; sources: string[] };
  definitions: Definition[];
  digest: string;
}
export interface Replay {
  equal: boolean;
  digest: string;
  digest_then: string;
  model_changed: boolean;
  replayed_at: string;
  citation: Citation;
}
// ---- tools

export interface Tool {
  name: string;
  label: Bilingual;
  arguments: Record<string, unknown>;
}
/** What a tool gave, under the id by which it is cited once somebody opens it. */
export interface Figures extends Citation {
  as_of: string;
  digest: string;
  kept: boolean;
}
/** The first training takes a while: the same call gets the figures as soon as they are there. */
export interface Computing {
  state: "computing";
  tool: string;
  seconds: number;
}
export type ToolArguments = Record<string, unknown>;

// ---- briefs

export interface BriefItem {
  brief_id: string;
  manager: string;
  label: string;
  week: string;
  first_day: string;
  last_day: string;
  /** Whether the week was not over when it was written. */
  partial: boolean;
  language: Language;
  snapshot: number;
  as_of: string;
  created_at: string;
}
export interface Brief extends BriefItem {
  markdown: string;
  /** A page that needs nothing else, charts inline. */
  html: string;
  citations: { number: number; id: string; tool: string; digest: string }[];
  digest: string;
}
export interface BriefManager {
  name: string;
  label: string;
  regions: string[];
  source: "user" | "region" | "sales_manager" | "salesperson";
}
export interface BriefWanted {
  week?: string;
  language: Language;
  manager?: string;
}
export interface BeingWritten {
  state: "computing";
  manager: string;
  week: string;
  seconds: number;
}

export interface Promotion {
  case_id: string;
  dataset: string;
  path: string;
}

// ---- traces

export interface TraceItem {
  trace_id: string;
  /** Null where the question failed. */
  answer_id: string | null;
  conversation_id: string | null;
  question: string;
  principal: string;
  status: string;
  planner: string | null;
  fallback: string | null;
  model: string | null;
  duration_ms: number;
  started_at: string;
  spans: number;
  error: boolean;
  verdict: string | null;
  input_tokens: number;
  output_tokens: number;
  cost: string | null;
  currency: string | null;
  feedback: Rating | null;
}
export type SpanKind = "AGENT" | "CHAIN" | "LLM" | "TOOL" | "GUARDRAIL" | "RETRIEVER";
export interface SpanEvent {
  name: string;
  at_ms: number;
  attributes: Record<string, unknown>;
}
export interface Span {
  span_id: string;
  parent_id: string | null;
  name: string;
  kind: SpanKind;
  start_ms: number;
  duration_ms: number;
  status: "ok" | "error";
  error: string | null;
  attributes: Record<string, unknown>;
  events: SpanEvent[];
}
export interface TraceDetail {
  trace_id: string;
  answer_id: string | null;
  conversation_id: string | null;
  question: string;
  status: string;
  started_at: string;
  duration_ms: number;
  principal: string;
  /** Why no answer came about. */
  error: string | null;
  spans: Span[];
}
export interface TraceFilter {
  q?: string;
  status?: string;
  planner?: string;
  verdict?: string;
  min_ms?: number;
  limit?: number;
  before?: string;
}

// ---- data

export interface SourceFile {
  path: string;
  table: string;
  rows_read: number;
  rows_rejected: number;
}
export interface SourceStatus {
  source: string;
  kind: string;
  origin: string;
  loaded_at: string | null;
  loads: number;
  rows_read: number;
  rows_rejected: number;
  errors: number;
  pending: boolean | number;
  tables: Record<string, number>;
  files: SourceFile[];
}
export interface DataStatus {
  snapshot: number | null;
  as_of: string | null;
  published_at: string | null;
  pending: boolean | number;
  currency: string | null;
  sources: SourceStatus[];
}
export interface RowError {
  batch_id: number | string;
  source: string;
  file: string;
  sheet: string | null;
  row_no: number | null;
  column: string | null;
  value: string | null;
  reason: string;
  table: string | null;
}
export interface RowErrorFilter {
  source?: string;
  limit?: number;
  offset?: number;
}
export interface SnapshotItem {
  number: number;
  created_at: string;
  as_of: string | null;
  tables: Record<string, number>;
  current: boolean;
  bytes: number;
}

export interface SemanticMetric {
  name: string;
  label: Bilingual;
  definition: Bilingual;
  unit: Unit;
  additivity: string;
  direction: "up" | "down" | "neutral";
  synonyms: { zh: string[]; en: string[] };
  available: boolean;
  span: { start: string; end: string } | null;
  dimensions: string[];
}
export interface SemanticDimension {
  name: string;
  label: Bilingual;
  definition: Bilingual;
  kind: string;
  synonyms: { zh: string[]; en: string[] };
  members: number | null;
}
export interface SemanticModel {
  version: string;
  metrics: SemanticMetric[];
  dimensions: SemanticDimension[];
}

// ---- evals

export type EvalVerdict =
  | "right"
  | "clarified_instead"
  | "refused_instead"
  | "silently_wrong"
  | "wrong_status"
  | "error";
export interface EvalTally {
  group: string;
  cases: number;
  right: number;
  verdicts: Record<string, number>;
}
export interface EvalSummary {
  verdicts: Record<string, number>;
  by_kind: EvalTally[];
  by_language: EvalTally[];
  by_dataset: EvalTally[];
  pairs: number;
  pairs_agreeing: number | null;
  citation_recall: number | null;
  citation_precision: number | null;
}
export interface EvalTotals {
  cases: number;
  right: number;
  silently_wrong: number;
  passed: boolean;
  fallbacks: number;
  llm_calls: number;
  input_tokens: number;
  output_tokens: number;
  cost: string | null;
  currency: string | null;
  latency_p50_ms: number | null;
  latency_p95_ms: number | null;
}
/** One run of the golden questions; `totals` and `summary` are null until it has finished. */
export interface EvalRun {
  run_id: string;
  label: string;
  started_at: string;
  finished_at: string | null;
  planner: string;
  model: string | null;
  prompt_hash: string | null;
  code_version: string;
  datasets: string[];
  asked: number;
  totals: EvalTotals | null;
  summary: EvalSummary | null;
}
export interface EvalCase {
  dataset: string;
  case_id: string;
  attempt: number;
  kind: string;
  language: string;
  context: string[];
  question: string;
  verdict: string;
  reason: string;
  status: string | null;
  text: string | null;
  reading: string | null;
  planner: string | null;
  fallback: string | null;
  latency_ms: number;
}
export interface EvalRunDetail extends EvalRun {
  cases: EvalCase[];
}
export interface EvalSide {
  run: EvalRun;
  right: number;
  silently_wrong: number;
  latency_p50_ms: number | null;
  latency_p95_ms: number | null;
  tokens: number;
  cost: string | null;
  currency: string | null;
}
export interface EvalRate {
  group: string;
  cases: number;
  right_a: number;
  right_b: number;
}
/** A case that one run got right and the other did not. */
export interface EvalFlip {
  dataset: string;
  case_id: string;
  context: string[];
  question: string;
  verdict_a: string;
  verdict_b: string;
  reason_a: string;
  reason_b: string;
  text_a: string;
  text_b: string;
}
/** A case that both answered, with figures that contradict each other. */
export interface EvalDifference {
  dataset: string;
  case_id: string;
  context: string[];
  question: string;
  what: string;
  text_a: string;
  text_b: string;
}
export interface EvalComparison {
  a: EvalSide;
  b: EvalSide;
  cases: number;
  only_a: number;
  only_b: number;
  changed: string[];
  by_kind: EvalRate[];
  by_language: EvalRate[];
  by_dataset: EvalRate[];
  regressed: EvalFlip[];
  mended: EvalFlip[];
  both_answered: number;
  differing: EvalDifference[];
  p_value: number;
  latency_ratio: number | null;
  cost_ratio: number | null;
}
