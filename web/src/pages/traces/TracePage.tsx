import { ArrowLeftOutlined } from "@ant-design/icons";
import { useQuery } from "@tanstack/react-query";
import { useMemo, useRef, useState } from "react";
import { Link, useParams, useSearchParams } from "react-router";
import { toProblem } from "@/api/http";
import { queries } from "@/api/queries";
import type { TraceDetail } from "@/api/types";
import { m as app } from "@/app/messages";
import { EmptyState } from "@/components/EmptyState";
import { Failure } from "@/components/Failure";
import { Loading } from "@/components/Loading";
import { Page } from "@/components/Page";
import { PageHeader } from "@/components/PageHeader";
import { useT } from "@/i18n/language";
import { useMediaQuery } from "@/lib/useMediaQuery";
import { SpanPane } from "./details/SpanPane";
import { m } from "./messages";
import { firstToShow, spanRows } from "./spans";
import { TraceHeader } from "./TraceHeader";
import styles from "./TracePage.module.css";
import { Waterfall } from "./Waterfall";

/** One answer's trace: what was done, when, with what. */
export function Component() {
  const t = useT();
  const { traceId = "" } = useParams();
  const trace = useQuery(queries.trace(traceId));

  return (
    <Page wide>
      <Link to="/traces" className={styles.back}>
        <ArrowLeftOutlined aria-hidden /> {t(m.back)}
      </Link>
      {trace.isPending ? (
        <>
          <PageHeader title={t(app.traces)} />
          <Loading rows={10} />
        </>
      ) : null}
      {trace.isError ? (
        <>
          <PageHeader title={t(app.traces)} />
          {toProblem(trace.error).status === 404 ? (
            <EmptyState title={t(m.missingTitle)} hint={t(m.missingHint)} />
          ) : (
            <Failure error={trace.error} onRetry={() => void trace.refetch()} />
          )}
        </>
      ) : null}
      {trace.isSuccess ? <Shown key={traceId} trace={trace.data} /> : null}
    </Page>
  );
}

function Shown({ trace }: { trace: TraceDetail }) {
  const t = useT();
  const stacked = useMediaQuery("(max-width: 1099px)");
  const pane = useRef<HTMLElement>(null);
  const [search, setSearch] = useSearchParams();
  const rows = useMemo(() => spanRows(trace.spans), [trace.spans]);
  // The answer may be gone while its trace is still there: its absence takes nothing away but links.
  const answer = useQuery({
    ...queries.answer(trace.answer_id ?? ""),
    enabled: Boolean(trace.answer_id),
    retry: false,
  });
  // The address follows the choice a little later than keys can be pressed, so it is kept here too.
  const [wanted, setWanted] = useState(search.get("span"));
  const chosen =
    rows.find((row) => row.span.span_id === (wanted ?? firstToShow(rows)))?.span ?? rows[0]?.span;

  const choose = (spanId: string, byPointer: boolean) => {
    setWanted(spanId);
    const next = new URLSearchParams(search);
    next.set("span", spanId);
    setSearch(next, { replace: true });
    // On a narrow screen the pane lies below: bring it into view, but not under keyboard travel.
    if (stacked && byPointer) pane.current?.scrollIntoView({ block: "start", behavior: "smooth" });
  };

  return (
    <>
      <TraceHeader trace={trace} answer={answer.data ?? null} />
      {chosen ? (
        <div className={styles.parts}>
          <div className={styles.left}>
            <Waterfall rows={rows} length={trace.duration_ms} chosen={chosen.span_id} onChoose={choose} />
          </div>
          <section ref={pane} className={styles.pane} aria-label={t(m.details)}>
            <SpanPane
              key={chosen.span_id}
              span={chosen}
              length={trace.duration_ms}
              citations={answer.data?.citations ?? []}
            />
          </section>
        </div>
      ) : (
        <EmptyState title={t(m.nothingSaid)} />
      )}
    </>
  );
}
