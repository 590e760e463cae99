import { ResultTable } from "@/components/ResultTable";
import { useT } from "@/i18n/language";
import { formatCount } from "@/lib/format";
import { GEN_AI, number, record, text, toolRows } from "../attributes";
import { m } from "../messages";
import { Json, Part, Values } from "./blocks";
import type { DetailsProps } from "./SpanPane";
import styles from "./SpanPane.module.css";

export const toolKeys = [
  GEN_AI.toolName,
  GEN_AI.toolArguments,
  GEN_AI.toolResult,
  "gen_ai.tool.description",
  "row_count",
  "truncated",
  "columns",
  "snapshot",
];

/** What a tool was asked for and what it gave. */
export function ToolDetails({ span, citations }: DetailsProps) {
  const t = useT();
  const { attributes } = span;
  const description = text(attributes, "gen_ai.tool.description");
  const given = record(attributes, GEN_AI.toolArguments);
  const result = toolRows(span, citations);
  const total = number(attributes, "row_count") ?? result?.table.rows.length ?? 0;
  const notes = [
    t(m.resultRows, { n: formatCount(total) }),
    ...(attributes.truncated === true ? [t(m.truncated)] : []),
    ...(text(attributes, "snapshot") ? [`${t(m.snapshot)} #${text(attributes, "snapshot")}`] : []),
  ];
  return (
    <>
      {description ? <p className={styles.rest}>{description}</p> : null}
      {given ? (
        <Part title={t(m.arguments)}>
          <Values values={given} />
        </Part>
      ) : null}
      {given ? <Json title={`${t(m.arguments)} (JSON)`} value={given} /> : null}
      <Part title={t(m.result)} aside={result ? notes.join(" · ") : null}>
        {result ? (
          <ResultTable table={result.table} caption={t(m.result)} maxHeight={420} />
        ) : (
          <p className={styles.soft}>{t(m.noResult)}</p>
        )}
        {result && result.leftOut > 0 ? (
          <p className={styles.soft}>{t(m.resultLeftOut, { shown: result.table.rows.length })}</p>
        ) : null}
      </Part>
    </>
  );
}
