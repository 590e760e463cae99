import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import { api } from "./client";
import type { Language, RowErrorFilter, TraceFilter } from "./types";

/**
 * Server state by name: `useQuery(queries.dataStatus())`. Keys start with the resource, so that
 * `queryClient.invalidateQueries({ queryKey: ["conversations"] })` reaches every view of it.
 */
export const queries = {
  session: () =>
    queryOptions({
      queryKey: ["session"],
      queryFn: ({ signal }) => api.session(signal),
      staleTime: Number.POSITIVE_INFINITY,
      retry: false,
    }),
  readiness: () =>
    queryOptions({
      queryKey: ["readiness"],
      queryFn: ({ signal }) => api.ready(signal),
      retry: false, // 503 is an answer: no data yet
      refetchInterval: 60_000,
    }),
  suggestions: (language: Language) =>
    queryOptions({
      queryKey: ["suggestions", language],
      queryFn: ({ signal }) => api.suggestions(language, signal),
      staleTime: 5 * 60_000,
    }),
  conversations: (q: string) =>
    infiniteQueryOptions({
      queryKey: ["conversations", q],
      queryFn: ({ signal, pageParam }) =>
        api.conversations({ limit: 50, q, ...(pageParam ? { before: pageParam } : {}) }, signal),
      initialPageParam: "",
      getNextPageParam: (last) => last.next,
      placeholderData: keepPreviousData,
    }),
  conversation: (conversationId: string) =>
    queryOptions({
      queryKey: ["conversation", conversationId],
      queryFn: ({ signal }) => api.conversation(conversationId, signal),
    }),
  answer: (answerId: string) =>
    queryOptions({ queryKey: ["answer", answerId], queryFn: ({ signal }) => api.answer(answerId, signal) }),
  citation: (citationId: string) =>
    queryOptions({
      queryKey: ["citation", citationId],
      queryFn: ({ signal }) => api.citation(citationId, signal),
      staleTime: Number.POSITIVE_INFINITY, // evidence never changes
    }),
  traces: (filter: TraceFilter) =>
    infiniteQueryOptions({
      queryKey: ["traces", filter],
      queryFn: ({ signal, pageParam }) =>
        api.traces({ limit: 50, ...filter, ...(pageParam ? { before: pageParam } : {}) }, signal),
      initialPageParam: "",
      getNextPageParam: (last) => last.next,
      placeholderData: keepPreviousData,
    }),
  trace: (traceId: string) =>
    queryOptions({ queryKey: ["trace", traceId], queryFn: ({ signal }) => api.trace(traceId, signal) }),
  dataStatus: () =>
    queryOptions({ queryKey: ["data", "status"], queryFn: ({ signal }) => api.dataStatus(signal) }),
  dataErrors: (filter: RowErrorFilter) =>
    queryOptions({
      queryKey: ["data", "errors", filter],
      queryFn: ({ signal }) => api.dataErrors(filter, signal),
      placeholderData: keepPreviousData,
    }),
  snapshots: () =>
    queryOptions({ queryKey: ["data", "snapshots"], queryFn: ({ signal }) => api.snapshots(signal) }),
  semanticModel: () =>
    queryOptions({
      queryKey: ["semantic", "model"],
      queryFn: ({ signal }) => api.semanticModel(signal),
      staleTime: 5 * 60_000,
    }),
  evalRuns: () =>
    queryOptions({ queryKey: ["evals", "runs"], queryFn: ({ signal }) => api.evalRuns(signal) }),
  evalRun: (runId: string) =>
    queryOptions({
      queryKey: ["evals", "run", runId],
      queryFn: ({ signal }) => api.evalRun(runId, signal),
    }),
  evalCompare: (a: string, b: string) =>
    queryOptions({
      queryKey: ["evals", "compare", a, b],
      queryFn: ({ signal }) => api.evalCompare(a, b, signal),
    }),
};
