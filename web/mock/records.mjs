// Data, traces and evaluation runs of the stand-in service, read only: as the service gave them once.
import { readFileSync } from "node:fs";

const kept = JSON.parse(readFileSync(new URL("./records.json", import.meta.url), "utf8"));
const NOTHING = {
  snapshot: null,
  as_of: null,
  published_at: null,
  pending: false,
  currency: "CNY",
  sources: [],
};

/** What a GET gives; undefined for a record that is not there, null for a path that is not one of these. */
export function record(resource, id, part, query, empty) {
  const at = `${resource}/${id ?? ""}`;
  if (at === "data/status") return empty ? NOTHING : kept.status;
  if (at === "data/errors") return rowErrors(query, empty ? [] : kept.errors);
  if (at === "data/snapshots") return { items: empty ? [] : kept.snapshots };
  if (at === "semantic/model") return kept.model;
  if (at === "traces/") return traces(query, empty ? [] : kept.traces);
  if (resource === "traces") return kept.details[id];
  if (at === "evals/runs") return part ? kept.runDetails[part] : { items: empty ? [] : kept.runs };
  if (at === "evals/compare") return kept.comparison;
  return null;
}

function rowErrors(query, errors) {
  const source = query.get("source");
  const found = errors.filter((error) => !source || error.source === source);
  const offset = Number(query.get("offset") ?? 0);
  return { total: found.length, items: found.slice(offset, offset + Number(query.get("limit") ?? 100)) };
}

function traces(query, all) {
  const same = (name) => (trace) => !query.get(name) || trace[name] === query.get(name);
  const words = (query.get("q") ?? "").toLowerCase();
  const before = query.get("before");
  const found = all
    .filter((trace) => trace.question.toLowerCase().includes(words))
    .filter(same("status"))
    .filter(same("planner"))
    .filter(same("verdict"))
    .filter((trace) => trace.duration_ms >= Number(query.get("min_ms") ?? 0))
    .filter((trace) => !before || trace.started_at < before);
  const items = found.slice(0, Math.min(12, Number(query.get("limit") ?? 50)));
  return { items, next: items.length < found.length ? items.at(-1).started_at : null };
}
