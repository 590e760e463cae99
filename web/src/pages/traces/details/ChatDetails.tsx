import { Facts } from "@/components/Facts";
import { useT } from "@/i18n/language";
import type { Message } from "@/i18n/message";
import { formatCost, formatCount, formatDuration } from "@/lib/format";
import { type ChatMessage, GEN_AI, messages, number, pretty, text, texts } from "../attributes";
import { m } from "../messages";
import { Part } from "./blocks";
import styles from "./ChatDetails.module.css";
import type { DetailsProps } from "./SpanPane";

export const chatKeys = [
  GEN_AI.requestModel,
  GEN_AI.responseModel,
  GEN_AI.provider,
  GEN_AI.temperature,
  GEN_AI.maxTokens,
  GEN_AI.finishReasons,
  GEN_AI.inputTokens,
  GEN_AI.outputTokens,
  GEN_AI.cachedTokens,
  GEN_AI.reasoningTokens,
  GEN_AI.inputMessages,
  GEN_AI.outputMessages,
  GEN_AI.firstChunk,
  "prompt_hash",
  "cost",
  "currency",
];

/** One call of the language model: what it was sent, what it said, what it took. */
export function ChatDetails({ span }: DetailsProps) {
  const t = useT();
  const { attributes } = span;
  const count = (key: string) => {
    const value = number(attributes, key);
    return value === null ? null : formatCount(value);
  };
  const cached = count(GEN_AI.cachedTokens);
  const reasoning = count(GEN_AI.reasoningTokens);
  const firstChunk = number(attributes, GEN_AI.firstChunk);
  const cost = text(attributes, "cost");
  const model = text(attributes, GEN_AI.responseModel) ?? text(attributes, GEN_AI.requestModel);
  const all = [
    { label: t(m.model), value: model, note: text(attributes, GEN_AI.provider) },
    {
      label: `${t(m.tokens)} · ${t(m.input)}`,
      value: count(GEN_AI.inputTokens),
      note: cached === null ? null : t(m.cached, { n: cached }),
    },
    {
      label: `${t(m.tokens)} · ${t(m.output)}`,
      value: count(GEN_AI.outputTokens),
      note: reasoning === null ? null : t(m.reasoning, { n: reasoning }),
    },
    { label: t(m.cost), value: formatCost(cost, text(attributes, "currency")) },
    { label: t(m.finish), value: texts(attributes, GEN_AI.finishReasons).join(", ") || null },
    { label: t(m.firstChunk), value: firstChunk === null ? null : formatDuration(firstChunk * 1000) },
    { label: t(m.temperature), value: text(attributes, GEN_AI.temperature) },
    { label: t(m.maxTokens), value: count(GEN_AI.maxTokens) },
    { label: t(m.promptHash), value: text(attributes, "prompt_hash") },
  ];
  const sent = messages(attributes, GEN_AI.inputMessages);
  const said = messages(attributes, GEN_AI.outputMessages);
  return (
    <>
      <div className={styles.facts}>
        <Facts facts={all.filter((fact) => fact.value !== null)} />
      </div>
      <Part title={t(m.reply)}>
        {said.length > 0 ? (
          said.map((message, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: messages of one call, which never change places
            <Said key={at} message={message} />
          ))
        ) : (
          <p className={styles.soft}>{t(m.noReply)}</p>
        )}
      </Part>
      {sent.length > 0 ? (
        <Part title={t(m.prompt)}>
          {sent.map((message, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: messages of one call, which never change places
            <Said key={at} message={message} />
          ))}
        </Part>
      ) : null}
    </>
  );
}

const ROLES: Record<string, Message> = {
  system: m.roleSystem,
  user: m.roleUser,
  assistant: m.roleAssistant,
  tool: m.roleTool,
};

function Said({ message }: { message: ChatMessage }) {
  const t = useT();
  const role = ROLES[message.role];
  return (
    <article className={styles.message} data-role={message.role}>
      <h4 className={styles.role}>
        {role ? t(role) : message.role}
        {message.callId ? <code>{message.callId}</code> : null}
      </h4>
      {message.content && message.role === "system" ? (
        <details>
          <summary className={styles.soft}>
            {t(m.systemPrompt, { n: formatCount(message.content.length) })}
          </summary>
          <Content text={message.content} />
        </details>
      ) : null}
      {message.content && message.role !== "system" ? <Content text={message.content} /> : null}
      {message.calls.map((call, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: calls of one message, which never change places
        <div key={at} className={styles.call}>
          <span>{t(m.callsTool, { name: call.name })}</span>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
          <pre tabIndex={0}>{pretty(call.arguments)}</pre>
        </div>
      ))}
    </article>
  );
}

function Content({ text }: { text: string }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
    <div className={styles.content} tabIndex={0}>
      {text}
    </div>
  );
}
