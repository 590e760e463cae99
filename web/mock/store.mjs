// Conversations of the stand-in service, kept in memory.
import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";

const templates = JSON.parse(readFileSync(new URL("./answers.json", import.meta.url), "utf8"));
const threads = new Map();
const answers = new Map();

/** An answer to the question: the template with the same words, else the first of its language. */
export function prepare({ question, conversation_id }, when = new Date()) {
  const words = question.replace(/\[\w+\]/g, "").trim();
  const language = /[一-鿿]/.test(words) ? "zh" : "en";
  const template =
    templates.find((a) => a.question === words) ??
    templates.find((a) => a.language === language && a.status === "answered");
  const answer_id = randomBytes(10).toString("hex");
  const citations = template.citations.map((c) => ({ ...c, id: `${answer_id}-${c.number}` }));
  return {
    ...structuredClone(template),
    id: answer_id,
    answer_id,
    citations,
    question,
    conversation_id: conversation_id ?? randomBytes(8).toString("hex"),
    trace_id: randomBytes(16).toString("hex"),
    created_at: when.toISOString(),
    feedback: null,
  };
}

export function remember(answer) {
  answers.set(answer.answer_id, answer);
  const thread = threads.get(answer.conversation_id);
  if (thread) thread.push(answer);
  else threads.set(answer.conversation_id, [answer]);
}

export const find = (id) => answers.get(id);

export function conversations(q, id) {
  const describe = (conversation_id, list) => ({
    conversation_id,
    title: list[0].question,
    started_at: list[0].created_at,
    updated_at: list.at(-1).created_at,
  });
  if (id) {
    const list = threads.get(id);
    return list ? { ...describe(id, list), answers: list } : null;
  }
  const items = [...threads]
    .map(([key, list]) => ({ ...describe(key, list), answers: list.length }))
    .filter((item) => item.title.includes(q))
    .sort((a, b) => b.updated_at.localeCompare(a.updated_at));
  return { items, next: null };
}

export function findCitation(id) {
  const answer = find(id.split("-")[0]);
  const citation = answer?.citations.find((c) => c.id === id);
  if (!citation) return null;
  return {
    ...citation,
    answer_id: answer.answer_id,
    reading: { zh: answer.reading, en: answer.reading },
    snapshot_info: {
      number: citation.snapshot,
      created_at: "2026-11-01T02:14:09+08:00",
      as_of: answer.as_of,
      sources: ["erp", "crm", "targets"],
    },
    definitions: citation.columns
      .filter((column) => column.unit === "money" && !column.name.includes("__"))
      .map((column) => ({
        name: column.name,
        label: column.label ?? { zh: "销售额", en: "Sales" },
        definition: {
          zh: "订单行金额之和，折后、含税前。",
          en: "Sum of order line amounts, after discount, before tax.",
        },
        unit: column.unit,
        formula: "sum(order_line.amount)",
      })),
    digest: "sha256:5f1d0c9b7f4a2e6188c3a4d21f0e9b7c",
  };
}

const day = 86_400_000;
for (const [index, question] of [
  "各大区目标完成率",
  "今年每个月的销售额",
  "销售额前10的伙伴及占比",
].entries())
  remember(prepare({ question }, new Date(Date.now() - index * 1.4 * day)));
