import { CopyOutlined, MessageOutlined } from "@ant-design/icons";
import { App, Button } from "antd";
import { useNavigate } from "react-router";
import type { Answer, Span, SpanKind, TraceDetail } from "@/api/types";
import { DateTime } from "@/components/DateTime";
import { type Fact, Facts } from "@/components/Facts";
import { PageHeader } from "@/components/PageHeader";
import { Pill } from "@/components/Pill";
import { useLanguage, useT } from "@/i18n/language";
import { copyText } from "@/lib/clipboard";
import { formatCost, formatCount, formatDuration } from "@/lib/format";
import { type Attributes, number, text } from "./attributes";
import { kindLook, StatusPill, usePlannerName, VerdictPill } from "./look";
import { m } from "./messages";
import { PromoteButton } from "./PromoteButton";
import { timeByKind, verifierVerdict } from "./spans";
import styles from "./TraceHeader.module.css";

interface Props {
  trace: TraceDetail;
  /** The answer as it was given; null while it is on its way or where it is gone. */
  answer: Answer | null;
}

export function TraceHeader({ trace, answer }: Props) {
  const t = useT();
  const navigate = useNavigate();
  const { message } = App.useApp();
  const root = trace.spans.find((span) => span.parent_id === null)?.attributes ?? {};
  const verdict = verifierVerdict(trace.spans);
  const answerPath = trace.answer_id ? `/answers/${encodeURIComponent(trace.answer_id)}` : null;

  const copy = async () => {
    if (await copyText(trace.trace_id)) void message.success(t(m.copied));
  };

  return (
    <PageHeader
      title={trace.question || t(m.trace)}
      description={
        <span className={styles.pills}>
          <StatusPill status={trace.status} />
          {verdict === null ? null : <VerdictPill verdict={verdict} />}
          <Fallback root={root} answer={answer} />
        </span>
      }
      actions={
        <>
          <Button
            icon={<CopyOutlined aria-hidden />}
            onClick={() => void copy()}
            title={`${t(m.copyId)}\n${trace.trace_id}`}
          >
            <span className="ll-visually-hidden">{t(m.copyId)} </span>
            <code>{trace.trace_id.slice(0, 8)}</code>
          </Button>
          {answer && answer.status !== "refused" ? <PromoteButton answerId={answer.answer_id} /> : null}
          {answerPath ? (
            <Button
              type="primary"
              icon={<MessageOutlined aria-hidden />}
              href={answerPath}
              onClick={(event) => {
                if (event.metaKey || event.ctrlKey || event.shiftKey) return;
                event.preventDefault();
                void navigate(answerPath);
              }}
            >
              {t(m.openAnswer)}
            </Button>
          ) : null}
        </>
      }
    >
      {trace.error ? (
        <p className={styles.error} role="note">
          {trace.error}
        </p>
      ) : null}
      <div className={styles.card}>
        <Facts facts={useFacts(trace, root)} />
        <TimeByKind spans={trace.spans} />
      </div>
    </PageHeader>
  );
}

function useFacts(trace: TraceDetail, root: Attributes): Fact[] {
  const t = useT();
  const plannerName = usePlannerName();
  const input = number(root, "input_tokens") ?? 0;
  const output = number(root, "output_tokens") ?? 0;
  const calls = number(root, "llm_calls") ?? trace.spans.filter((span) => span.kind === "LLM").length;
  const cost = text(root, "cost");
  const snapshot = text(root, "snapshot");
  const asOf = text(root, "as_of");
  const model = text(root, "model");
  const planner = text(root, "planner");
  const asked = calls > 0 ? t(m.llmCalls, { n: calls }) : "";
  const note = [planner === "llm" ? t(m.llm) : model, asked].filter(Boolean).join(" · ");
  return [
    { label: t(m.startedAt), value: <DateTime iso={trace.started_at} /> },
    { label: t(m.duration), value: formatDuration(trace.duration_ms) },
    { label: t(m.planner), value: plannerName(planner, model), ...(note ? { note } : {}) },
    ...(input + output > 0
      ? [
          {
            label: t(m.tokens),
            value: formatCount(input + output),
            note: t(m.tokensInOut, { input: formatCount(input), output: formatCount(output) }),
          },
        ]
      : []),
    ...(cost && Number(cost) !== 0
      ? [{ label: t(m.cost), value: formatCost(cost, text(root, "currency")) }]
      : []),
    { label: t(m.user), value: trace.principal || "—" },
    {
      label: t(m.snapshot),
      value: snapshot ? `#${snapshot}` : "—",
      ...(asOf ? { note: t(m.asOf, { date: asOf }) } : {}),
    },
  ];
}

/** Why the planner that was to go first did not answer. */
function Fallback({ root, answer }: { root: Attributes; answer: Answer | null }) {
  const { pick, t } = useLanguage();
  const code = text(root, "fallback");
  if (!code) return null;
  const told = answer?.planning?.fallback_text;
  return (
    <Pill tone="warn" title={code}>
      {told ? pick(told) : `${t(m.fallback)}: ${code}`}
    </Pill>
  );
}

function TimeByKind({ spans }: { spans: readonly Span[] }) {
  const t = useT();
  const times = timeByKind(spans).filter(({ ms }) => ms > 0);
  if (times.length === 0) return null;
  const word = (kind: SpanKind, ms: number) => {
    // What the root did not hand on to a step of its own.
    const name = kind === "AGENT" ? m.otherTime : kindLook[kind]?.word;
    return `${name ? t(name) : kind} ${formatDuration(ms)}`;
  };
  return (
    <div className={styles.times}>
      <div className={styles.bar} aria-hidden="true">
        {times.map(({ kind, ms }) => (
          <span key={kind} className={styles.time} data-kind={kind} style={{ flexGrow: ms }} />
        ))}
      </div>
      <ul className={styles.legend} aria-label={t(m.whereTime)}>
        {times.map(({ kind, ms }) => (
          <li key={kind}>
            <span className={styles.dot} data-kind={kind} aria-hidden="true" />
            {word(kind, ms)}
          </li>
        ))}
      </ul>
    </div>
  );
}
