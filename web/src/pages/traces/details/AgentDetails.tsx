import { Pill } from "@/components/Pill";
import { useT } from "@/i18n/language";
import type { Message } from "@/i18n/message";
import { text, texts } from "../attributes";
import { m } from "../messages";
import { Part, Prose, Values } from "./blocks";
import type { DetailsProps } from "./SpanPane";

/** Shown here or in the page's header. */
export const agentKeys = [
  "input.value",
  "output.value",
  "reading",
  "label",
  "status",
  "language",
  "answer_id",
  "snapshot",
  "as_of",
  "planner",
  "model",
  "fallback",
  "llm_calls",
  "input_tokens",
  "output_tokens",
  "cost",
  "currency",
  "user.id",
  "gen_ai.conversation.id",
  "citations",
  "prompt_hash",
];

const LABELS: Record<string, Message> = { 已认证: m.certified, 规则推导: m.derived, 模型生成: m.written };

export function AgentDetails({ span }: DetailsProps) {
  const t = useT();
  const { attributes } = span;
  const input = text(attributes, "input.value");
  const output = text(attributes, "output.value");
  const reading = text(attributes, "reading");
  // A label says how far to trust figures; a refusal has none.
  const label = text(attributes, "status") === "answered" ? text(attributes, "label") : null;
  const citations = texts(attributes, "citations");
  const prompt = text(attributes, "prompt_hash");
  return (
    <>
      {input ? (
        <Part title={t(m.input)}>
          <Prose text={input} label={t(m.input)} />
        </Part>
      ) : null}
      {output ? (
        <Part title={t(m.output)}>
          <Prose text={output} label={t(m.output)} />
        </Part>
      ) : null}
      {reading ? (
        <Part title={t(m.reading)}>
          <p>{reading}</p>
        </Part>
      ) : null}
      {label ? (
        <Part title={t(m.label)}>
          <Pill>{LABELS[label] ? t(LABELS[label]) : label}</Pill>
        </Part>
      ) : null}
      {citations.length > 0 ? (
        <Part title={t(m.citations)}>
          <Values values={{ id: citations }} />
        </Part>
      ) : null}
      {prompt ? (
        <Part title={t(m.promptHash)}>
          <code>{prompt}</code>
        </Part>
      ) : null}
    </>
  );
}
