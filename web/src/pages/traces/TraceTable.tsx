import { DislikeFilled, ExclamationCircleFilled, LikeFilled } from "@ant-design/icons";
import { Link } from "react-router";
import type { Rating, TraceItem } from "@/api/types";
import { m as app } from "@/app/messages";
import { DateTime } from "@/components/DateTime";
import { Pill } from "@/components/Pill";
import { type RecordColumn, RecordTable, rowLink } from "@/components/RecordTable";
import { useT } from "@/i18n/language";
import { formatCost, formatCount, formatDuration } from "@/lib/format";
import { StatusPill, usePlannerName, VerdictPill } from "./look";
import { m } from "./messages";
import styles from "./TracesPage.module.css";

export function TraceTable({ traces, stale }: { traces: readonly TraceItem[]; stale: boolean }) {
  const t = useT();
  const plannerName = usePlannerName();
  const several = new Set(traces.map((trace) => trace.principal)).size > 1;
  const slowest = Math.max(...traces.map((trace) => trace.duration_ms), 1);
  const columns: RecordColumn<TraceItem>[] = [
    {
      key: "time",
      title: t(m.time),
      together: true,
      narrow: "word",
      render: (trace) => <DateTime iso={trace.started_at} short />,
    },
    {
      key: "question",
      title: t(m.question),
      narrow: "head",
      grow: true,
      render: (trace) => (
        <span className={styles.question}>
          <Link to={`/traces/${encodeURIComponent(trace.trace_id)}`} className={rowLink}>
            {trace.question}
          </Link>
          {trace.error ? (
            <span className={styles.error} title={t(m.withError)}>
              <ExclamationCircleFilled aria-hidden />
              <span className="ll-visually-hidden">{t(m.withError)}</span>
            </span>
          ) : null}
        </span>
      ),
    },
    {
      key: "status",
      title: t(m.status),
      narrow: "word",
      render: (trace) => <StatusPill status={trace.status} />,
    },
    {
      key: "planner",
      title: t(m.planner),
      together: true,
      narrow: "word",
      render: (trace) => (
        <span className={styles.planner}>
          {plannerName(trace.planner, trace.model)}
          {trace.fallback ? (
            <Pill tone="warn" title={trace.fallback}>
              {t(m.fallback)}
            </Pill>
          ) : null}
        </span>
      ),
    },
    ...(several
      ? [
          {
            key: "user",
            title: t(m.user),
            narrow: "word" as const,
            render: (trace: TraceItem) => trace.principal,
          },
        ]
      : []),
    {
      key: "duration",
      title: t(m.duration),
      numeric: true,
      narrow: "word",
      render: (trace) => (
        <span className={styles.duration}>
          <span className={styles.time}>{formatDuration(trace.duration_ms)}</span>
          <span className={styles.track} aria-hidden="true">
            <span style={{ width: `${Math.max(4, (trace.duration_ms / slowest) * 100)}%` }} />
          </span>
        </span>
      ),
    },
    { key: "spans", title: t(m.spans), numeric: true, narrow: "hide", render: (trace) => trace.spans },
    {
      key: "verdict",
      title: t(m.verdict),
      narrow: "word",
      render: (trace) => (trace.verdict === null ? null : <VerdictPill verdict={trace.verdict} />),
    },
    {
      key: "tokens",
      title: t(m.tokensAndCost),
      numeric: true,
      narrow: "word",
      render: (trace) => (trace.input_tokens + trace.output_tokens > 0 ? <Tokens trace={trace} /> : null),
    },
    {
      key: "feedback",
      title: t(m.feedback),
      narrow: "word",
      render: (trace) => (trace.feedback === null ? null : <Thumb rating={trace.feedback} />),
    },
  ];
  return (
    <RecordTable
      caption={t(app.traces)}
      columns={columns}
      rows={traces}
      rowKey={(trace) => trace.trace_id}
      stale={stale}
    />
  );
}

function Tokens({ trace }: { trace: TraceItem }) {
  const t = useT();
  const { input_tokens: input, output_tokens: output, cost } = trace;
  const words = t(m.tokensInOut, { input: formatCount(input), output: formatCount(output) });
  return (
    <span title={words}>
      {formatCount(input + output)}
      {cost ? <span className={styles.soft}> · {formatCost(cost, trace.currency)}</span> : null}
    </span>
  );
}

function Thumb({ rating }: { rating: Rating }) {
  const t = useT();
  const word = t(rating === "up" ? m.thumbsUp : m.thumbsDown);
  return (
    <span className={styles.thumb} data-rating={rating} title={word}>
      {rating === "up" ? <LikeFilled aria-hidden /> : <DislikeFilled aria-hidden />}
      <span className="ll-visually-hidden">{word}</span>
    </span>
  );
}
