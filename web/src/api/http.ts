import type { Problem } from "./types";

/** What the service said when it could not do as asked; network faults take the same form. */
export class ApiError extends Error {
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.detail || problem.title);
    this.name = "ApiError";
    this.problem = problem;
  }
}

/** Kinds of error that the app itself finds out; the service's own start with `urn:leadline:error:`. */
export const NETWORK_ERROR = "urn:leadline:web:network";
export const STREAM_ERROR = "urn:leadline:web:stream";
export const UNFINISHED = "urn:leadline:web:unfinished";

export function localProblem(type: string, title: string, retryable = true): Problem {
  return { type, title, status: 0, detail: "", retryable };
}

/** The problem that any thrown value stands for. */
export function toProblem(error: unknown): Problem {
  if (error instanceof ApiError) return error.problem;
  return localProblem("urn:leadline:web:unexpected", error instanceof Error ? error.message : String(error));
}

type Listener = () => void;
const expiredListeners = new Set<Listener>();

/** Calls `listener` whenever the service no longer knows who we are (401). */
export function onSessionExpired(listener: Listener): () => void {
  expiredListeners.add(listener);
  return () => expiredListeners.delete(listener);
}

export type Query = Record<string, string | number | boolean | null | undefined>;

/** `path` with those parameters that have a value. */
export function withQuery(path: string, query: Query = {}): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== null && value !== "") params.set(name, String(value));
  }
  const text = params.toString();
  return text ? `${path}?${text}` : path;
}

export interface Call {
  method?: "GET" | "POST" | "PUT" | "DELETE";
  body?: unknown;
  accept?: string;
  signal?: AbortSignal | undefined;
}

/** One call; throws ApiError for anything but 2xx, and rethrows an abort as it is. */
export async function call(
  path: string,
  { method = "GET", body, accept, signal }: Call = {},
): Promise<Response> {
  const headers: Record<string, string> = {
    Accept: accept ?? "application/json",
    // The page's language, which need not be the browser's: problems come with their titles in it.
    "Accept-Language": document.documentElement.lang || "en",
  };
  if (method !== "GET") headers["Content-Type"] = "application/json";
  let response: Response;
  try {
    response = await fetch(path, {
      method,
      headers,
      credentials: "same-origin",
      ...(method === "GET" || method === "DELETE" ? {} : { body: JSON.stringify(body ?? {}) }),
      ...(signal ? { signal } : {}),
    });
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw new ApiError(localProblem(NETWORK_ERROR, "network"));
  }
  if (response.ok) return response;
  const problem = await readProblem(response);
  if (response.status === 401 && path !== "/api/login" && path !== "/api/session") {
    for (const listener of expiredListeners) listener();
  }
  throw new ApiError(problem);
}

async function readProblem(response: Response): Promise<Problem> {
  const fallback: Problem = {
    type: "about:blank",
    title: response.statusText || `HTTP ${response.status}`,
    status: response.status,
    detail: "",
    retryable: response.status >= 500 || response.status === 429,
  };
  try {
    return { ...fallback, ...((await response.json()) as Partial<Problem>) };
  } catch {
    return fallback; // a proxy's HTML page, say
  }
}

export async function getJson<T>(path: string, query?: Query, signal?: AbortSignal): Promise<T> {
  return (await (await call(withQuery(path, query), { signal })).json()) as T;
}

export async function sendJson<T>(method: "POST" | "PUT", path: string, body?: unknown): Promise<T> {
  return (await (await call(path, { method, body })).json()) as T;
}

export async function sendEmpty(method: "POST" | "DELETE", path: string, body?: unknown): Promise<void> {
  await call(path, { method, body });
}
