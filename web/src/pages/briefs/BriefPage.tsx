import { ArrowLeftOutlined, FilePdfOutlined } from "@ant-design/icons";
import { useMutation, useQuery } from "@tanstack/react-query";
import { Button } from "antd";
import { useMemo } from "react";
import { Link, useParams } from "react-router";
import { api } from "@/api/client";
import { toProblem } from "@/api/http";
import { queries } from "@/api/queries";
import type { Brief } from "@/api/types";
import { useEvidence } from "@/components/evidence/EvidenceProvider";
import { Failure } from "@/components/Failure";
import { FigurePage } from "@/components/figures/FigurePage";
import { Loading } from "@/components/Loading";
import { PageHeader } from "@/components/PageHeader";
import { Pill } from "@/components/Pill";
import { ProblemNotice } from "@/components/ProblemNotice";
import { useT } from "@/i18n/language";
import { save } from "@/lib/csv";
import { BriefChart } from "./BriefChart";
import styles from "./Briefs.module.css";
import { type BriefSection, briefTree, type Inline } from "./briefTree";
import { m } from "./messages";

/** One archived brief; its figures open their evidence. */
export function Component() {
  const t = useT();
  const { briefId = "" } = useParams();
  const brief = useQuery(queries.brief(briefId));
  return (
    <FigurePage>
      <Link to="/briefs" className={styles.back}>
        <ArrowLeftOutlined aria-hidden /> {t(m.back)}
      </Link>
      {brief.isPending ? <Loading rows={12} /> : null}
      {brief.isError ? <Failure error={brief.error} onRetry={() => void brief.refetch()} /> : null}
      {brief.data ? <Reader brief={brief.data} /> : null}
    </FigurePage>
  );
}

function Reader({ brief }: { brief: Brief }) {
  const t = useT();
  const openEvidence = useEvidence();
  const tree = useMemo(() => briefTree(brief.html), [brief.html]);
  const names = new Map(tree.sources.map(({ number, name }) => [number, name]));
  const pdf = useMutation({
    mutationFn: () => api.briefPdf(brief.brief_id),
    onSuccess: (bytes) => save(`brief-${brief.week}-${brief.label}.pdf`, bytes),
  });
  const open = (number: number, figure?: string) => {
    const source = brief.citations.find((one) => one.number === number);
    if (!source) return;
    openEvidence({
      citationId: source.id,
      title: names.get(number),
      ...(figure ? { cell: { row: null, column: null, figure } } : {}),
    });
  };
  return (
    <>
      <PageHeader
        title={tree.title}
        description={
          <>
            {tree.subtitle} {brief.partial ? <Pill tone="warn">{t(m.partial)}</Pill> : null}
          </>
        }
        actions={
          <Button icon={<FilePdfOutlined aria-hidden />} loading={pdf.isPending} onClick={() => pdf.mutate()}>
            {t(m.pdf)}
          </Button>
        }
      />
      {pdf.isError ? <ProblemNotice problem={toProblem(pdf.error)} onRetry={() => pdf.mutate()} /> : null}
      <article className={styles.brief} lang={brief.language === "zh" ? "zh-CN" : "en"}>
        {tree.sections.length === 0 ? <p>{tree.note}</p> : null}
        {tree.sections.map((section) => (
          <Section key={section.key} section={section} onOpen={open} />
        ))}
        {tree.sources.length > 0 ? (
          <section className={styles.sources}>
            <ol>
              {tree.sources.map(({ number, name }) => (
                <li key={number} value={number}>
                  <button type="button" onClick={() => open(number)}>
                    {name}
                  </button>
                </li>
              ))}
            </ol>
          </section>
        ) : null}
      </article>
    </>
  );
}

type OnOpen = (number: number, figure?: string) => void;

function Section({ section, onOpen }: { section: BriefSection; onOpen: OnOpen }) {
  const List = section.ordered ? "ol" : "ul";
  return (
    <section data-section={section.key}>
      <h2>{section.title}</h2>
      <List>
        {section.lines.map((line, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: lines of an archived text never move
          <li key={index}>{line.map((inline, at) => written(inline, at, onOpen))}</li>
        ))}
      </List>
      {section.charts.map((chart) => (
        <BriefChart key={chart.caption} {...chart} />
      ))}
    </section>
  );
}

function written(inline: Inline, key: number, onOpen: OnOpen) {
  if (inline.kind === "text") return inline.text;
  return <Source key={key} inline={inline} onOpen={onOpen} />;
}

function Source({ inline, onOpen }: { inline: Exclude<Inline, { kind: "text" }>; onOpen: OnOpen }) {
  const t = useT();
  const number = inline.citation;
  if (inline.kind === "mark")
    return (
      <button
        type="button"
        className={styles.mark}
        aria-label={t(m.mark, { number })}
        onClick={() => onOpen(number)}
      >
        {number}
      </button>
    );
  return (
    <button
      type="button"
      className={styles.figure}
      aria-label={t(m.figure, { figure: inline.text, number })}
      onClick={() => onOpen(number, inline.text)}
    >
      {inline.text}
    </button>
  );
}
