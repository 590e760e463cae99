import type { ComponentType } from "react";
import type { Citation, Span } from "@/api/types";
import { Pill } from "@/components/Pill";
import { useT } from "@/i18n/language";
import { formatDuration } from "@/lib/format";
import { type Attributes, pretty, text } from "../attributes";
import { kindLook, useSpanTitle } from "../look";
import { m } from "../messages";
import { spanTitle } from "../spans";
import { AgentDetails, agentKeys } from "./AgentDetails";
import { Json, Part, Values } from "./blocks";
import { ChatDetails, chatKeys } from "./ChatDetails";
import { PlanDetails, planKeys } from "./PlanDetails";
import styles from "./SpanPane.module.css";
import { TemplateDetails, templateKeys } from "./TemplateDetails";
import { ToolDetails, toolKeys } from "./ToolDetails";
import { VerdictDetails, verdictKeys } from "./VerdictDetails";

export interface DetailsProps {
  span: Span;
  /** Evidence of the answer, for units and labels of columns. */
  citations: readonly Citation[];
}

interface Details {
  Show: ComponentType<DetailsProps> | null;
  /** Attributes that `Show` shows; the others are listed after it. */
  keys: readonly string[];
}

/** Said of every span by its heading, or only of use to other programs. */
const PLUMBING = [
  "gen_ai.operation.name",
  "gen_ai.agent.name",
  "gen_ai.tool.type",
  "openinference.span.kind",
  "input.mime_type",
  "output.mime_type",
  "session.id",
];

function detailsOf(span: Span): Details {
  if (span.kind === "AGENT") return { Show: AgentDetails, keys: agentKeys };
  if (span.kind === "TOOL") return { Show: ToolDetails, keys: toolKeys };
  if (span.kind === "LLM") return { Show: ChatDetails, keys: chatKeys };
  if (span.kind === "GUARDRAIL") return { Show: VerdictDetails, keys: verdictKeys };
  if (spanTitle(span.name).what === "plan") return { Show: PlanDetails, keys: planKeys };
  if ("template" in span.attributes) return { Show: TemplateDetails, keys: templateKeys };
  return { Show: null, keys: [] };
}

interface Props extends DetailsProps {
  /** Of the whole trace, in ms. */
  length: number;
}

/** All that a span says: first in words for its kind, then what is left, then everything as it is. */
export function SpanPane({ span, citations, length }: Props) {
  const t = useT();
  const titleOf = useSpanTitle();
  const look = kindLook[span.kind];
  const { Show, keys } = detailsOf(span);
  const share = length > 0 ? Math.min(1, span.duration_ms / length) : 0;

  return (
    <>
      <header className={styles.head}>
        <h2 className={styles.title}>{titleOf(span.name)}</h2>
        <Pill icon={look?.icon}>{look ? t(look.word) : span.kind}</Pill>
        {span.status === "error" ? <Pill tone="bad">{t(m.failedSpan)}</Pill> : null}
        <p className={styles.times}>
          <code>{span.name}</code>
          <span>
            {t(m.start)} {formatDuration(span.start_ms)}
          </span>
          <span>
            {t(m.duration)} {formatDuration(span.duration_ms)}
          </span>
          <span>{t(m.shareOfTrace, { share: `${(share * 100).toFixed(share < 0.1 ? 1 : 0)}%` })}</span>
        </p>
      </header>
      {span.error && !saidAlready(span, span.error) ? (
        <div className={styles.error} role="note" aria-label={t(m.error)}>
          {span.error}
        </div>
      ) : null}
      {Show ? <Show span={span} citations={citations} /> : null}
      <Rest attributes={span.attributes} without={[...keys, ...PLUMBING]} />
      <Events span={span} />
      {Object.keys(span.attributes).length > 0 ? (
        <Json title={t(m.raw)} value={span.attributes} />
      ) : (
        <p className={styles.soft}>{t(m.nothingSaid)}</p>
      )}
    </>
  );
}

/** A verifier's objection is its error: once is enough. */
function saidAlready(span: Span, error: string): boolean {
  const reason = text(span.attributes, "reason");
  return reason !== null && error.endsWith(reason);
}

/** What has no place of its own, by its key: nothing that a span says stays unseen. */
function Rest({ attributes, without }: { attributes: Attributes; without: readonly string[] }) {
  const rest = Object.entries(attributes).filter(([key]) => !without.includes(key));
  return rest.length > 0 ? (
    <div className={styles.rest}>
      <Values values={Object.fromEntries(rest)} all />
    </div>
  ) : null;
}

function Events({ span }: { span: Span }) {
  const t = useT();
  if (span.events.length === 0) return null;
  return (
    <Part title={t(m.events)}>
      <ol className={styles.events}>
        {span.events.map((event) => (
          <li key={`${event.name} ${event.at_ms}`}>
            <span className={styles.at}>{formatDuration(event.at_ms)}</span>
            <strong>{event.name}</strong>
            {Object.entries(event.attributes).map(([key, value]) => (
              <span key={key} className={styles.soft}>
                {key}: {pretty(value)}
              </span>
            ))}
          </li>
        ))}
      </ol>
    </Part>
  );
}
