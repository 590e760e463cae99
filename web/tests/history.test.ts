import { describe, expect, it } from "vitest";
import type { ConversationItem } from "@/api/types";
import { byAge } from "@/pages/ask/history/groups";

const item = (at: Date): ConversationItem => ({
  conversation_id: at.toISOString(),
  title: "",
  answers: 1,
  started_at: at.toISOString(),
  updated_at: at.toISOString(),
});

describe("history", () => {
  it("groups by the reader's own days", () => {
    const now = new Date(2026, 10, 23, 9, 0);
    const at = (day: number, hour: number) => item(new Date(2026, 10, day, hour));
    const items = [at(23, 0), at(22, 23), at(22, 0), at(17, 0), at(16, 23)];
    expect(byAge(items, now).map(([age, members]) => [age, members.length])).toEqual([
      ["today", 1],
      ["yesterday", 2],
      ["thisWeek", 1],
      ["earlier", 1],
    ]);
  });
});
