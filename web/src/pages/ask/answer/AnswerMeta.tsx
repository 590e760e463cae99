import type { Answer } from "@/api/types";
import { useEvidence } from "@/components/evidence/EvidenceProvider";
import { useT } from "@/i18n/language";
import { formatCount, formatDuration } from "@/lib/format";
import { m } from "../messages";
import styles from "./AnswerMeta.module.css";

/** One line under the answer: evidence, how fresh the data are, how long it took, what it cost. */
export function AnswerMeta({ answer }: { answer: Answer }) {
  const t = useT();
  const openEvidence = useEvidence();
  const { planning } = answer;
  return (
    <ul className={styles.meta}>
      {answer.citations.map((citation) => (
        <li key={citation.id}>
          <button type="button" onClick={() => openEvidence({ citationId: citation.id, citation })}>
            {t(m.evidence, { number: citation.number, n: formatCount(citation.row_count) })}
          </button>
        </li>
      ))}
      {answer.as_of ? <li>{t(m.asOf, { date: answer.as_of })}</li> : null}
      {answer.snapshot ? <li>{t(m.snapshot, { number: answer.snapshot })}</li> : null}
      <li>{t(m.took, { time: formatDuration(answer.latency_ms) })}</li>
      {planning?.model ? <li>{t(m.model, { model: planning.model })}</li> : null}
      {planning && planning.llm_calls > 0 ? (
        <li>
          {t(m.tokens, {
            input: formatCount(planning.input_tokens),
            output: formatCount(planning.output_tokens),
          })}
        </li>
      ) : null}
      {planning?.cost ? (
        <li>{t(m.cost, { cost: planning.cost, currency: planning.currency ?? "" })}</li>
      ) : null}
    </ul>
  );
}
