import type { ConversationItem } from "@/api/types";

export type Age = "today" | "yesterday" | "thisWeek" | "earlier";
const AGES: readonly Age[] = ["today", "yesterday", "thisWeek", "earlier"];
const DAY_MS = 86_400_000;

/** Conversations by how long ago they were last used, in the reader's own days; newest first. */
export function byAge(items: readonly ConversationItem[], now: Date): [Age, ConversationItem[]][] {
  const midnight = new Date(now.getFullYear(), now.getMonth(), now.getDate()).getTime();
  const groups = new Map<Age, ConversationItem[]>(AGES.map((age) => [age, []]));
  for (const item of items) {
    const at = new Date(item.updated_at).getTime();
    const age: Age =
      at >= midnight
        ? "today"
        : at >= midnight - DAY_MS
          ? "yesterday"
          : at >= midnight - 6 * DAY_MS
            ? "thisWeek"
            : "earlier";
    groups.get(age)?.push(item);
  }
  return [...groups].filter(([, members]) => members.length > 0);
}
