import { ReloadOutlined } from "@ant-design/icons";
import { useQuery } from "@tanstack/react-query";
import { Button, Select } from "antd";
import { useState } from "react";
import { Link, useNavigate } from "react-router";
import { queries } from "@/api/queries";
import type { EvalRun } from "@/api/types";
import { m as app } from "@/app/messages";
import { DateTime } from "@/components/DateTime";
import { EmptyState } from "@/components/EmptyState";
import { Failure } from "@/components/Failure";
import { Loading } from "@/components/Loading";
import { Page } from "@/components/Page";
import { PageHeader } from "@/components/PageHeader";
import { type RecordColumn, RecordTable, rowLink } from "@/components/RecordTable";
import { useT } from "@/i18n/language";
import { formatCost, formatCount } from "@/lib/format";
import { NARROW, useMediaQuery } from "@/lib/useMediaQuery";
import styles from "./Evals.module.css";
import { durationOrNull, GatePill, percent, runName, usePlannerName } from "./look";
import { m } from "./messages";

/** Runs of the golden questions, newest first, and two of them to compare. */
export function Component() {
  const t = useT();
  const narrow = useMediaQuery(NARROW);
  const runs = useQuery(queries.evalRuns());
  return (
    <Page>
      <PageHeader
        title={t(app.evals)}
        description={t(m.description)}
        actions={
          <Button
            icon={<ReloadOutlined spin={runs.isFetching} aria-hidden />}
            onClick={() => void runs.refetch()}
            aria-label={t(m.refresh)}
          >
            {narrow ? null : t(m.refresh)}
          </Button>
        }
      />
      {runs.isPending ? <Loading rows={8} /> : null}
      {runs.isError ? <Failure error={runs.error} onRetry={() => void runs.refetch()} /> : null}
      {runs.isSuccess && runs.data.items.length === 0 ? (
        <EmptyState title={t(m.emptyTitle)} hint={t(m.emptyHint)} />
      ) : null}
      {runs.isSuccess && runs.data.items.length > 0 ? (
        <>
          {runs.data.items.length > 1 ? <CompareBar runs={runs.data.items} /> : null}
          <Runs runs={runs.data.items} />
        </>
      ) : null}
    </Page>
  );
}

function CompareBar({ runs }: { runs: readonly EvalRun[] }) {
  const t = useT();
  const navigate = useNavigate();
  const plannerName = usePlannerName();
  const [first, second] = runs.filter((run) => run.totals !== null);
  const [a, setA] = useState<string | null>(second?.run_id ?? null);
  const [b, setB] = useState<string | null>(first?.run_id ?? null);
  const options = runs.map((run) => ({
    value: run.run_id,
    label: `${runName(run)} · ${plannerName(run)}`,
  }));
  const ready = a !== null && b !== null && a !== b;
  return (
    <fieldset className={styles.compare}>
      <legend className="ll-visually-hidden">{t(m.compareTwo)}</legend>
      <span className={styles.side}>
        <span>{t(m.baseline)}</span>
        <Select value={a} onChange={setA} options={options} aria-label={t(m.baseline)} />
      </span>
      <span className={styles.side}>
        <span>{t(m.candidate)}</span>
        <Select value={b} onChange={setB} options={options} aria-label={t(m.candidate)} />
      </span>
      <Button disabled={!ready} onClick={() => void navigate(`/evals/compare?a=${a}&b=${b}`)}>
        {t(m.compare)}
      </Button>
    </fieldset>
  );
}

function Runs({ runs }: { runs: readonly EvalRun[] }) {
  const t = useT();
  const plannerName = usePlannerName();
  const columns: RecordColumn<EvalRun>[] = [
    {
      key: "run",
      title: t(m.run),
      narrow: "head",
      grow: true,
      render: (run) => (
        <>
          <Link to={`/evals/${encodeURIComponent(run.run_id)}`} className={rowLink}>
            {runName(run)}
          </Link>
          {run.label ? <code className={styles.id}>{run.run_id.slice(0, 8)}</code> : null}
        </>
      ),
    },
    {
      key: "started",
      title: t(m.startedAt),
      together: true,
      narrow: "word",
      render: (run) => <DateTime iso={run.started_at} />,
    },
    {
      key: "planner",
      title: t(m.planner),
      together: true,
      narrow: "word",
      render: (run) => plannerName(run),
    },
    { key: "gate", title: t(m.gate), narrow: "word", render: (run) => <GatePill run={run} /> },
    {
      key: "right",
      title: t(m.right),
      numeric: true,
      render: (run) =>
        run.totals ? (
          <>
            {percent(run.totals.right, run.totals.cases)}{" "}
            <span className={styles.soft}>
              {t(m.rightOf, { right: formatCount(run.totals.right), cases: formatCount(run.totals.cases) })}
            </span>
          </>
        ) : null,
    },
    {
      key: "wrong",
      title: t(m.silentlyWrong),
      numeric: true,
      render: (run) =>
        run.totals ? (
          <span className={run.totals.silently_wrong > 0 ? styles.bad : undefined}>
            {run.totals.silently_wrong}
          </span>
        ) : null,
    },
    {
      key: "latency",
      title: t(m.latency),
      numeric: true,
      render: (run) =>
        run.totals?.latency_p50_ms == null
          ? null
          : `${durationOrNull(run.totals.latency_p50_ms)} / ${durationOrNull(run.totals.latency_p95_ms) ?? "—"}`,
    },
    {
      key: "tokens",
      title: t(m.tokensAndCost),
      numeric: true,
      render: (run) => {
        const tokens = (run.totals?.input_tokens ?? 0) + (run.totals?.output_tokens ?? 0);
        if (!run.totals || tokens === 0) return null;
        const cost = formatCost(run.totals.cost, run.totals.currency);
        return cost ? `${formatCount(tokens)} · ${cost}` : formatCount(tokens);
      },
    },
  ];
  return <RecordTable caption={t(m.runs)} columns={columns} rows={runs} rowKey={(run) => run.run_id} />;
}
