import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import { api } from "./client";
import { toProblem } from "./http";
import type { Computing, Figures, Language, RowErrorFilter, ToolArguments, TraceFilter } from "./types";

export function isComputing(data: Figures | Computing | undefined): data is Computing {
  return data !== undefined && "state" in data;
}

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
  /** `keep` stores it first: a page's citation is kept when somebody opens it. */
  citation: (citationId: string, keep?: () => Promise<unknown>) =>
    queryOptions({
      queryKey: ["citation", citationId],
      queryFn: async ({ signal }) => {
        await keep?.();
        return api.citation(citationId, signal);
      },
      staleTime: Number.POSITIVE_INFINITY, // evidence never changes
    }),
  /** A tool on one snapshot; asked again while it is being computed, and then never again. */
  tool: (name: string, args: ToolArguments, snapshot: number) =>
    queryOptions({
      queryKey: ["tool", name, args, snapshot],
      queryFn: ({ signal }) => api.runTool(name, args, snapshot, signal),
      staleTime: Number.POSITIVE_INFINITY, // a snapshot never changes
      refetchInterval: (query) => (isComputing(query.state.data) ? 1000 : false),
      retry: (failures, error) => failures < 2 && toProblem(error).retryable,
    }),
  briefs: (manager: string) =>
    infiniteQueryOptions({
      queryKey: ["briefs", "list", manager],
      queryFn: ({ signal, pageParam }) =>
        api.briefs({ limit: 50, manager, ...(pageParam ? { before: pageParam } : {}) }, signal),
      initialPageParam: "",
      getNextPageParam: (last) => last.next,
      placeholderData: keepPreviousData,
    }),
  briefManagers: () =>
    queryOptions({
      queryKey: ["briefs", "managers"],
      queryFn: ({ signal }) => api.briefManagers(signal),
      staleTime: 5 * 60_000,
    }),
  brief: (briefId: string) =>
    queryOptions({
      queryKey: ["briefs", "one", briefId],
      queryFn: ({ signal }) => api.brief(briefId, signal),
      staleTime: Number.POSITIVE_INFINITY, // the archive never changes
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
