import { ArrowLeftOutlined } from "@ant-design/icons";
import { useQuery } from "@tanstack/react-query";
import { Link, useSearchParams } from "react-router";
import { queries } from "@/api/queries";
import type { EvalComparison, EvalRate, Table } from "@/api/types";
import { EmptyState } from "@/components/EmptyState";
import { Failure } from "@/components/Failure";
import { Loading } from "@/components/Loading";
import { Page } from "@/components/Page";
import { PageHeader } from "@/components/PageHeader";
import { ResultTable } from "@/components/ResultTable";
import { useT } from "@/i18n/language";
import type { Message } from "@/i18n/message";
import { formatCost, formatCount } from "@/lib/format";
import styles from "./Evals.module.css";
import { durationOrNull, percent, runName, usePlannerName, VerdictPill } from "./look";
import { m } from "./messages";
import { AnswerText, Groups } from "./parts";

/** Below this a difference is called real. */
const SIGNIFICANT = 0.05;

/** Run B against run A, over the cases that both asked. */
export function Component() {
  const t = useT();
  const [search] = useSearchParams();
  const a = search.get("a") ?? "";
  const b = search.get("b") ?? "";
  const compared = useQuery({ ...queries.evalCompare(a, b), enabled: a !== "" && b !== "" });
  return (
    <Page>
      <Link to="/evals" className={styles.back}>
        <ArrowLeftOutlined aria-hidden /> {t(m.back)}
      </Link>
      {compared.isSuccess ? (
        <Shown found={compared.data} />
      ) : (
        <>
          <PageHeader title={t(m.compareTwo)} />
          {a === "" || b === "" ? (
            <EmptyState title={t(m.chooseTwoHint)} action={<Link to="/evals">{t(m.back)}</Link>} />
          ) : null}
          {compared.isLoading ? <Loading rows={10} /> : null}
          {compared.isError ? (
            <Failure error={compared.error} onRetry={() => void compared.refetch()} />
          ) : null}
        </>
      )}
    </Page>
  );
}

function Shown({ found }: { found: EvalComparison }) {
  const t = useT();
  const lost = found.regressed.length;
  const won = found.mended.length;
  const conclusion =
    lost + won === 0 ? m.conclusionSame : found.p_value < SIGNIFICANT ? m.conclusionReal : m.conclusionChance;
  const rates = (rows: readonly EvalRate[]) =>
    rows.map(({ group, cases, right_a, right_b }) => ({ group, cases, right: [right_a, right_b] }));
  return (
    <>
      <PageHeader
        title={t(m.compareTitle, { a: runName(found.a.run), b: runName(found.b.run) })}
        description={t(m.compareDescription, { n: found.cases })}
      />
      <p className={styles.conclusion}>
        {t(conclusion, { lost, won, p: found.p_value < 0.001 ? "< 0.001" : found.p_value.toPrecision(2) })}
      </p>
      <Sides found={found} />
      {found.changed.length > 0 ? (
        <p className={styles.reason} title={found.changed.join("\n")}>
          {t(m.changed, { n: found.changed.length })}
        </p>
      ) : null}
      <Flips title={m.regressed} hint={m.regressedHint} flips={found.regressed.map(asFlip)} />
      <Flips title={m.mended} hint={m.mendedHint} flips={found.mended.map(asFlip)} />
      <Flips
        title={m.differing}
        hint={m.differingHint}
        flips={found.differing.map((one) => ({ ...one, id: one.case_id, note: one.what, verdicts: null }))}
      />
      <div className={styles.columns}>
        <Groups title={m.byKind} rows={rates(found.by_kind)} />
        <div>
          <Groups title={m.byDataset} rows={rates(found.by_dataset)} />
          <br />
          <Groups title={m.byLanguage} rows={rates(found.by_language)} />
        </div>
      </div>
    </>
  );
}

/** The two runs side by side. */
function Sides({ found }: { found: EvalComparison }) {
  const t = useT();
  const plannerName = usePlannerName();
  const { a, b, cases } = found;
  const right = (count: number) => `${percent(count, cases)} (${formatCount(count)})`;
  const tokens = (count: number) => (count > 0 ? formatCount(count) : null);
  const column = (name: string, title: string) => ({
    name,
    unit: "text" as const,
    label: { zh: title, en: title },
  });
  const table: Table = {
    columns: [
      column("figure", t(m.figure)),
      column("a", `A · ${runName(a.run)}`),
      column("b", `B · ${runName(b.run)}`),
    ],
    rows: [
      [t(m.planner), plannerName(a.run), plannerName(b.run)],
      [t(m.right), right(a.right), right(b.right)],
      [t(m.silentlyWrong), formatCount(a.silently_wrong), formatCount(b.silently_wrong)],
      [t(m.p50), durationOrNull(a.latency_p50_ms), durationOrNull(b.latency_p50_ms)],
      [t(m.p95), durationOrNull(a.latency_p95_ms), durationOrNull(b.latency_p95_ms)],
      [t(m.tokens), tokens(a.tokens), tokens(b.tokens)],
      [t(m.cost), formatCost(a.cost, a.currency), formatCost(b.cost, b.currency)],
      [t(m.version), a.run.code_version, b.run.code_version],
      [t(m.onlyOne), formatCount(found.only_a), formatCount(found.only_b)],
    ],
  };
  return <ResultTable table={table} caption={t(m.compareTwo)} />;
}

interface Flip {
  id: string;
  dataset: string;
  context: readonly string[];
  question: string;
  /** What is wrong with it. */
  note: string;
  text_a: string;
  text_b: string;
  verdicts: readonly [string, string] | null;
}

function asFlip(flip: EvalComparison["regressed"][number]): Flip {
  return {
    ...flip,
    id: flip.case_id,
    note: flip.reason_a || flip.reason_b,
    verdicts: [flip.verdict_a, flip.verdict_b],
  };
}

function Flips({ title, hint, flips }: { title: Message; hint: Message; flips: readonly Flip[] }) {
  const t = useT();
  return (
    <section>
      <h2 className={styles.heading}>
        {t(title)} {formatCount(flips.length)} <span className={styles.hint}>{t(hint)}</span>
      </h2>
      {flips.length === 0 ? (
        <p className={styles.soft}>{t(m.none)}</p>
      ) : (
        <ul className={styles.flips}>
          {flips.map((flip) => (
            <li key={`${flip.dataset} ${flip.id}`} className={styles.flip}>
              <h3 className={styles.question}>{flip.question}</h3>
              <p className={styles.meta}>
                <code>{flip.id}</code>
                <span>{flip.dataset}</span>
                {flip.context.length > 0 ? (
                  <span>{t(m.after, { context: flip.context.join(" → ") })}</span>
                ) : null}
              </p>
              <div className={styles.sides}>
                <Said name="A" text={flip.text_a} verdict={flip.verdicts?.[0] ?? null} />
                <Said name="B" text={flip.text_b} verdict={flip.verdicts?.[1] ?? null} />
              </div>
              {flip.note ? <p className={styles.reason}>{flip.note}</p> : null}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function Said({ name, text, verdict }: { name: string; text: string; verdict: string | null }) {
  const t = useT();
  return (
    <div className={styles.said}>
      <p className={styles.saidHead}>
        <strong>{name}</strong>
        {verdict ? <VerdictPill verdict={verdict} /> : null}
      </p>
      <AnswerText text={text} label={`${t(m.answer)} ${name}`} />
    </div>
  );
}
