import type { Table } from "@/api/types";
import { Pill } from "@/components/Pill";
import { ResultTable } from "@/components/ResultTable";
import { useLanguage } from "@/i18n/language";
import type { Message } from "@/i18n/message";
import {
  annotated,
  isRecord,
  list,
  mended,
  number,
  record,
  type Token,
  text,
  texts,
  tokens,
} from "../attributes";
import { m, meaningWords, tokenWords } from "../messages";
import { Json, Part, Values } from "./blocks";
import styles from "./PlanDetails.module.css";
import type { DetailsProps } from "./SpanPane";

export const planKeys = [
  "planner",
  "question",
  "plan",
  "folded",
  "tokens",
  "residual",
  "mended",
  "coverage",
  "decisions",
  "message",
  "options",
  "queries",
  "notes",
];

const OUTCOMES: Record<string, Message> = {
  query: m.planQuery,
  clarify: m.planClarify,
  refuse: m.planRefuse,
  meta: m.planMeta,
};

/** What the rules saw: each word with its score, what was left over, and what they made of it. */
export function PlanDetails({ span }: DetailsProps) {
  const { t } = useLanguage();
  const { attributes } = span;
  const matches = tokens(attributes);
  const folded = text(attributes, "folded") ?? text(attributes, "question") ?? "";
  const residual = texts(attributes, "residual");
  const outcome = text(attributes, "plan");
  const coverage = number(attributes, "coverage");
  const message = text(attributes, "message");
  const queries = list(attributes, "queries").filter(isRecord);

  return (
    <>
      <div className={styles.sum}>
        {outcome ? (
          <span>
            <span className={styles.soft}>{t(m.planOutcome)}</span>{" "}
            <Pill tone={outcome === "refuse" ? "warn" : "primary"}>
              {OUTCOMES[outcome] ? t(OUTCOMES[outcome]) : outcome}
            </Pill>
          </span>
        ) : null}
        {coverage === null ? null : <Coverage share={coverage} />}
      </div>
      {folded ? <Question folded={folded} matches={matches} residual={residual} /> : null}
      {message ? (
        <Part title={t(m.message)}>
          <p>{message}</p>
        </Part>
      ) : null}
      <Lines title={t(m.options)} lines={texts(attributes, "options")} />
      {matches.length > 0 ? <Matches matches={matches} /> : null}
      <Lines
        title={t(m.mended)}
        lines={mended(attributes).map(({ from, to, score }) =>
          t(m.mendedLine, { from, to, score: score ?? "?" }),
        )}
      />
      <Lines title={t(m.decisions)} lines={texts(attributes, "decisions")} />
      <Lines title={t(m.notes)} lines={texts(attributes, "notes")} />
      {queries.map((query, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: queries of one plan, which never change places
        <Part key={at} title={t(m.queries)} aside={text(query, "role")}>
          <Values values={record(query, "spec") ?? query} />
        </Part>
      ))}
      {queries.length > 0 ? <Json title={`${t(m.queries)} (JSON)`} value={queries} /> : null}
    </>
  );
}

function Coverage({ share }: { share: number }) {
  const { t } = useLanguage();
  const percent = Math.round(share * 100);
  return (
    <span className={styles.coverage} title={t(m.coverageHint)}>
      <span className={styles.soft}>{t(m.coverage)}</span>
      <span className={styles.track} aria-hidden="true">
        <span style={{ width: `${percent}%` }} data-full={percent === 100} />
      </span>
      {percent}%
    </span>
  );
}

/** The question as the rules saw it, each match marked, what nothing covered in the signal colour. */
function Question({ folded, matches, residual }: { folded: string; matches: Token[]; residual: string[] }) {
  const { t } = useLanguage();
  const wordOf = useTokenWord();
  return (
    <Part
      title={t(m.matches)}
      aside={residual.length > 0 ? `${t(m.residual)}: ${residual.join(" · ")}` : t(m.noResidual)}
    >
      <p className={styles.question}>
        {annotated(folded, matches).map((piece, at) =>
          piece.token || piece.text.trim() === "" ? (
            // biome-ignore lint/suspicious/noArrayIndexKey: pieces of one text, which never change places
            <span key={at} className={piece.token ? styles.match : undefined} data-kind={piece.token?.kind}>
              {piece.text}
              {piece.token ? <small>{wordOf(piece.token)}</small> : null}
            </span>
          ) : (
            // biome-ignore lint/suspicious/noArrayIndexKey: as above
            <span key={at} className={styles.left}>
              {piece.text}
              <small>{t(m.residual)}</small>
            </span>
          ),
        )}
      </p>
    </Part>
  );
}

function useTokenWord(): (token: Token) => string {
  const { t } = useLanguage();
  return (token) => {
    const meant = token.means[0]?.split(":", 1)[0] ?? "";
    const word =
      (meaningWords as Record<string, Message>)[meant] ?? (tokenWords as Record<string, Message>)[token.kind];
    return word ? t(word) : token.kind;
  };
}

function Matches({ matches }: { matches: readonly Token[] }) {
  const { language, t } = useLanguage();
  const wordOf = useTokenWord();
  const label = ({ zh, en }: Message) => ({ zh, en: en as string });
  const table: Table = {
    columns: [
      { name: "word", unit: "text", label: label(m.word) },
      { name: "kind", unit: "text", label: label(m.takenAs) },
      { name: "means", unit: "text", label: label(m.meaning) },
      { name: "score", unit: "quantity", label: label(m.score) },
    ],
    rows: matches.map((token) => [
      token.text,
      wordOf(token),
      [...token.means.map(meaning), token.value].filter(Boolean).join(language === "zh" ? "、" : ", ") || "—",
      token.score,
    ]),
  };
  return (
    <div className={styles.table}>
      <ResultTable table={table} caption={t(m.matches)} maxHeight={360} />
    </div>
  );
}

/** `dimension:partner` is “partner”, `value:region=华东` is “region = 华东”. */
function meaning(text: string): string {
  return text.replace(/^\w+:/, "").replace("=", " = ");
}

function Lines({ title, lines }: { title: string; lines: readonly string[] }) {
  if (lines.length === 0) return null;
  return (
    <Part title={title}>
      <ul className={styles.lines}>
        {lines.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
    </Part>
  );
}
