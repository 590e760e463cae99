import { ArrowLeftOutlined, SearchOutlined } from "@ant-design/icons";
import { useQuery } from "@tanstack/react-query";
import { Checkbox, Input } from "antd";
import { useDeferredValue, useMemo, useState } from "react";
import { Link, useParams } from "react-router";
import { toProblem } from "@/api/http";
import { queries } from "@/api/queries";
import type { EvalCase, EvalRun, EvalRunDetail, EvalTally } from "@/api/types";
import { m as app } from "@/app/messages";
import { DateTime } from "@/components/DateTime";
import { EmptyState } from "@/components/EmptyState";
import { Facts } from "@/components/Facts";
import { Failure } from "@/components/Failure";
import { Loading } from "@/components/Loading";
import { Page } from "@/components/Page";
import { PageHeader } from "@/components/PageHeader";
import { type RecordColumn, RecordTable } from "@/components/RecordTable";
import { useT } from "@/i18n/language";
import { formatCost, formatCount, formatDuration } from "@/lib/format";
import styles from "./Evals.module.css";
import { durationOrNull, GatePill, percent, runName, usePlannerName, VerdictPill } from "./look";
import { m } from "./messages";
import { AnswerText, Groups } from "./parts";

/** One run: what it came to, by group, and case by case. */
export function Component() {
  const t = useT();
  const { runId = "" } = useParams();
  const run = useQuery(queries.evalRun(runId));
  return (
    <Page>
      <Link to="/evals" className={styles.back}>
        <ArrowLeftOutlined aria-hidden /> {t(m.back)}
      </Link>
      {run.isSuccess ? (
        <Shown run={run.data} />
      ) : (
        <>
          <PageHeader title={t(app.evals)} />
          {run.isPending ? <Loading rows={10} /> : null}
          {run.isError && toProblem(run.error).status === 404 ? (
            <EmptyState title={t(m.missingTitle)} />
          ) : null}
          {run.isError && toProblem(run.error).status !== 404 ? (
            <Failure error={run.error} onRetry={() => void run.refetch()} />
          ) : null}
        </>
      )}
    </Page>
  );
}

function Shown({ run }: { run: EvalRunDetail }) {
  const { summary } = run;
  const groups = (tallies: readonly EvalTally[]) =>
    tallies.map(({ group, cases, right }) => ({ group, cases, right: [right] }));
  return (
    <>
      <Head run={run} />
      {summary ? (
        <div className={styles.columns}>
          <Groups title={m.byKind} rows={groups(summary.by_kind)} />
          <div>
            <Groups title={m.byDataset} rows={groups(summary.by_dataset)} />
            <br />
            <Groups title={m.byLanguage} rows={groups(summary.by_language)} />
          </div>
        </div>
      ) : null}
      <Cases cases={run.cases} />
    </>
  );
}

function Head({ run }: { run: EvalRun }) {
  const t = useT();
  const plannerName = usePlannerName();
  const { totals, summary } = run;
  const cost = totals ? formatCost(totals.cost, totals.currency) : null;
  const tokens = (totals?.input_tokens ?? 0) + (totals?.output_tokens ?? 0);
  const share = (value: number | null) => (value === null ? "—" : percent(value, 1));
  const facts = [
    { label: t(m.startedAt), value: <DateTime iso={run.started_at} /> },
    { label: t(m.planner), value: plannerName(run) },
    ...(totals
      ? [
          {
            label: t(m.right),
            value: percent(totals.right, totals.cases),
            note: t(m.rightOf, { right: formatCount(totals.right), cases: formatCount(totals.cases) }),
          },
          { label: t(m.silentlyWrong), value: formatCount(totals.silently_wrong) },
          {
            label: t(m.latency),
            value: `${durationOrNull(totals.latency_p50_ms) ?? "—"} / ${durationOrNull(totals.latency_p95_ms) ?? "—"}`,
          },
        ]
      : []),
    ...(tokens > 0
      ? [{ label: t(m.tokensAndCost), value: formatCount(tokens), ...(cost ? { note: cost } : {}) }]
      : []),
    ...(totals && totals.fallbacks > 0
      ? [{ label: t(m.fallbacks), value: formatCount(totals.fallbacks) }]
      : []),
    ...(summary
      ? [
          { label: t(m.pairs), value: share(summary.pairs_agreeing) },
          {
            label: t(m.citations),
            value: `${share(summary.citation_precision)} / ${share(summary.citation_recall)}`,
          },
        ]
      : []),
    { label: t(m.version), value: <code>{run.code_version}</code> },
    ...(run.prompt_hash ? [{ label: t(m.promptHash), value: <code>{run.prompt_hash}</code> }] : []),
    { label: t(m.datasets), value: run.datasets.join(", ") },
  ];
  return (
    <PageHeader title={runName(run)} description={<GatePill run={run} />}>
      <div className={styles.card}>
        <Facts facts={facts} />
      </div>
    </PageHeader>
  );
}

function Cases({ cases }: { cases: readonly EvalCase[] }) {
  const t = useT();
  const wrong = cases.some((one) => one.verdict !== "right");
  const [onlyWrong, setOnlyWrong] = useState(wrong);
  const [query, setQuery] = useState("");
  const sought = useDeferredValue(query.trim().toLowerCase());
  const shown = useMemo(
    () =>
      cases.filter(
        (one) =>
          (!onlyWrong || one.verdict !== "right") &&
          `${one.question}\n${one.case_id}`.toLowerCase().includes(sought),
      ),
    [cases, onlyWrong, sought],
  );
  const columns: RecordColumn<EvalCase>[] = [
    {
      key: "question",
      title: t(m.question),
      narrow: "head",
      grow: true,
      render: (one) => (
        <>
          <div className={styles.question}>{one.question}</div>
          {one.context.length > 0 ? (
            <div className={styles.hint}>{t(m.after, { context: one.context.join(" → ") })}</div>
          ) : null}
          <details className={styles.fold}>
            <summary>{t(m.answer)}</summary>
            <AnswerText text={one.text ?? ""} label={t(m.answer)} />
            {one.reason ? <p className={styles.reason}>{one.reason}</p> : null}
          </details>
        </>
      ),
    },
    {
      key: "verdict",
      title: t(m.verdict),
      narrow: "word",
      render: (one) => <VerdictPill verdict={one.verdict} />,
    },
    { key: "kind", title: t(m.kind), narrow: "word", render: (one) => <code>{one.kind}</code> },
    { key: "dataset", title: t(m.datasets), narrow: "word", render: (one) => one.dataset },
    {
      key: "duration",
      title: t(m.duration),
      numeric: true,
      narrow: "word",
      render: (one) => formatDuration(one.latency_ms),
    },
  ];
  return (
    <section>
      <h2 className={styles.heading}>
        {t(m.cases)} <span className={styles.hint}>{formatCount(shown.length)}</span>
      </h2>
      <div className={styles.bar}>
        <Input
          className={styles.search ?? ""}
          allowClear
          prefix={<SearchOutlined aria-hidden />}
          placeholder={t(m.searchCases)}
          aria-label={t(m.searchCases)}
          value={query}
          onChange={(event) => setQuery(event.target.value)}
        />
        {wrong ? (
          <Checkbox checked={onlyWrong} onChange={(event) => setOnlyWrong(event.target.checked)}>
            {t(m.onlyWrong)}
          </Checkbox>
        ) : cases.length > 0 ? (
          <span className={styles.good}>{t(m.allRight)}</span>
        ) : null}
      </div>
      {shown.length === 0 ? (
        <EmptyState title={t(m.noCase)} />
      ) : (
        <RecordTable
          caption={t(m.cases)}
          columns={columns}
          rows={shown}
          rowKey={(one) => `${one.dataset} ${one.case_id} ${one.attempt}`}
        />
      )}
    </section>
  );
}
