import { Pill } from "@/components/Pill";
import { useT } from "@/i18n/language";
import { text } from "../attributes";
import { m } from "../messages";
import { Part, Prose } from "./blocks";
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
];

export function AgentDetails({ span }: DetailsProps) {
  const t = useT();
  const { attributes } = span;
  const input = text(attributes, "input.value");
  const output = text(attributes, "output.value");
  const reading = text(attributes, "reading");
  const label = text(attributes, "label");
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
          <Pill>{label}</Pill>
        </Part>
      ) : null}
    </>
  );
}
