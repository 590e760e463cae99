import {
  ApiOutlined,
  BranchesOutlined,
  DatabaseOutlined,
  MessageOutlined,
  SafetyCertificateOutlined,
  SearchOutlined,
} from "@ant-design/icons";
import type { ReactNode } from "react";
import type { SpanKind } from "@/api/types";
import { Pill, type Tone } from "@/components/Pill";
import { useT } from "@/i18n/language";
import type { Message } from "@/i18n/message";
import { m } from "./messages";
import { type SpanTitle, spanTitle } from "./spans";

/** How each kind of span looks, wherever it is shown. */
export const kindLook: Record<SpanKind, { word: Message; icon: ReactNode }> = {
  AGENT: { word: m.kindAgent, icon: <MessageOutlined /> },
  CHAIN: { word: m.kindChain, icon: <BranchesOutlined /> },
  LLM: { word: m.kindLlm, icon: <ApiOutlined /> },
  TOOL: { word: m.kindTool, icon: <DatabaseOutlined /> },
  GUARDRAIL: { word: m.kindGuardrail, icon: <SafetyCertificateOutlined /> },
  RETRIEVER: { word: m.kindRetriever, icon: <SearchOutlined /> },
};

const WHAT: Record<NonNullable<SpanTitle["what"]>, Message> = {
  answer: m.whatAnswer,
  context: m.whatContext,
  plan: m.whatPlan,
  chat: m.whatChat,
  tool: m.whatTool,
  coverage: m.whatCoverage,
  narrate: m.whatNarrate,
  verify: m.whatVerify,
};

/** A span's name in the reader's words: `execute_tool query` is “取数 query”. */
export function useSpanTitle(): (name: string) => string {
  const t = useT();
  return (name) => {
    const { what, rest } = spanTitle(name);
    return what === null ? rest : [t(WHAT[what]), rest].filter(Boolean).join(" ");
  };
}

const STATUS: Record<string, { word: Message; tone: Tone }> = {
  answered: { word: m.answered, tone: "good" },
  clarify: { word: m.clarify, tone: "primary" },
  refused: { word: m.refused, tone: "warn" },
  failed: { word: m.failed, tone: "bad" },
};

export function StatusPill({ status }: { status: string }) {
  const t = useT();
  const look = STATUS[status];
  return <Pill tone={look?.tone ?? "neutral"}>{look ? t(look.word) : status}</Pill>;
}

const VERDICT: Record<string, { word: Message; tone: Tone }> = {
  held: { word: m.held, tone: "good" },
  rejected: { word: m.rejected, tone: "bad" },
};

export function VerdictPill({ verdict }: { verdict: string }) {
  const t = useT();
  const look = VERDICT[verdict];
  return (
    <Pill tone={look?.tone ?? "neutral"} icon={<SafetyCertificateOutlined />}>
      {look ? t(look.word) : verdict}
    </Pill>
  );
}

/** The rules, or the model by name. */
export function usePlannerName(): (planner: string | null, model: string | null) => string {
  const t = useT();
  return (planner, model) => {
    if (planner === "rules") return t(m.rules);
    if (planner === "llm") return model ?? t(m.llm);
    return planner ?? "—";
  };
}
