import { call, getJson, sendEmpty, sendJson, withQuery } from "./http";
import type * as T from "./types";

const id = encodeURIComponent;

/** Every call that the service offers, typed. Streaming of `/api/ask` is in ./ask. */
export const api = {
  session: (signal?: AbortSignal) => getJson<T.Session>("/api/session", {}, signal),
  login: (token: string) => sendEmpty("POST", "/api/login", { token }),
  logout: () => sendEmpty("POST", "/api/logout"),
  ready: (signal?: AbortSignal) => getJson<T.Readiness>("/readyz", {}, signal),

  suggestions: (language: T.Language, signal?: AbortSignal) =>
    getJson<{ questions: T.Option[] }>("/api/suggestions", { language }, signal),
  ask: (request: T.AskRequest) => sendJson<T.Answer>("POST", "/api/ask", request),

  conversations: (query: { limit?: number; before?: string; q?: string } = {}, signal?: AbortSignal) =>
    getJson<T.Page<T.ConversationItem>>("/api/conversations", query, signal),
  conversation: (conversationId: string, signal?: AbortSignal) =>
    getJson<T.Conversation>(`/api/conversations/${id(conversationId)}`, {}, signal),

  answer: (answerId: string, signal?: AbortSignal) =>
    getJson<T.Answer & { feedback: T.Feedback | null }>(`/api/answers/${id(answerId)}`, {}, signal),
  putFeedback: (answerId: string, rating: T.Rating, comment?: string) =>
    sendJson<T.Feedback>("PUT", `/api/answers/${id(answerId)}/feedback`, {
      rating,
      ...(comment ? { comment } : {}),
    }),
  deleteFeedback: (answerId: string) => sendEmpty("DELETE", `/api/answers/${id(answerId)}/feedback`),
  promote: (answerId: string, body: { dataset?: string; note?: string } = {}) =>
    sendJson<T.Promotion>("POST", `/api/answers/${id(answerId)}/promote`, body),

  citation: (citationId: string, signal?: AbortSignal) =>
    getJson<T.CitationDetail>(`/api/citations/${id(citationId)}`, {}, signal),
  replay: (citationId: string) => sendJson<T.Replay>("POST", `/api/citations/${id(citationId)}/replay`),

  tools: (signal?: AbortSignal) => getJson<{ items: T.Tool[] }>("/api/tools", {}, signal),
  runTool: async (name: string, args: T.ToolArguments, snapshot: number, signal?: AbortSignal) => {
    const path = withQuery(`/api/tools/${id(name)}`, { snapshot });
    const response = await call(path, { method: "POST", body: args, signal });
    return (await response.json()) as T.Figures | T.Computing;
  },
  /** Stores what a tool gave as a citation; its id is the one of `figures`. */
  keepFigures: ({ tool, spec, snapshot }: T.Citation) =>
    sendJson<T.Figures>("POST", withQuery(`/api/tools/${id(tool)}`, { snapshot, keep: true }), spec),

  briefs: (query: { limit?: number; before?: string; manager?: string } = {}, signal?: AbortSignal) =>
    getJson<T.Page<T.BriefItem>>("/api/briefs", query, signal),
  briefManagers: (signal?: AbortSignal) =>
    getJson<{ items: T.BriefManager[]; last_week: string }>("/api/briefs/managers", {}, signal),
  brief: (briefId: string, signal?: AbortSignal) =>
    getJson<T.Brief>(`/api/briefs/${id(briefId)}`, {}, signal),
  makeBrief: (wanted: T.BriefWanted) => sendJson<T.Brief | T.BeingWritten>("POST", "/api/briefs", wanted),
  briefPdf: async (briefId: string) =>
    (await call(`/api/briefs/${id(briefId)}/pdf`, { accept: "application/pdf" })).blob(),

  traces: (filter: T.TraceFilter = {}, signal?: AbortSignal) =>
    getJson<T.Page<T.TraceItem>>("/api/traces", { ...filter }, signal),
  trace: (traceId: string, signal?: AbortSignal) =>
    getJson<T.TraceDetail>(`/api/traces/${id(traceId)}`, {}, signal),

  dataStatus: (signal?: AbortSignal) => getJson<T.DataStatus>("/api/data/status", {}, signal),
  dataErrors: (filter: T.RowErrorFilter = {}, signal?: AbortSignal) =>
    getJson<{ total: number; items: T.RowError[] }>("/api/data/errors", { ...filter }, signal),
  snapshots: (signal?: AbortSignal) =>
    getJson<{ items: T.SnapshotItem[] }>("/api/data/snapshots", {}, signal),
  semanticModel: (signal?: AbortSignal) => getJson<T.SemanticModel>("/api/semantic/model", {}, signal),

  evalRuns: (signal?: AbortSignal) => getJson<{ items: T.EvalRun[] }>("/api/evals/runs", {}, signal),
  evalRun: (runId: string, signal?: AbortSignal) =>
    getJson<T.EvalRunDetail>(`/api/evals/runs/${id(runId)}`, {}, signal),
  evalCompare: (a: string, b: string, signal?: AbortSignal) =>
    getJson<T.EvalComparison>("/api/evals/compare", { a, b }, signal),
};
