import { CheckCircleFilled, CloseCircleFilled } from "@ant-design/icons";
import { useT } from "@/i18n/language";
import { number, text } from "../attributes";
import { m } from "../messages";
import { spanTitle } from "../spans";
import { Part, Prose, Template } from "./blocks";
import type { DetailsProps } from "./SpanPane";
import styles from "./VerdictDetails.module.css";

export const verdictKeys = ["verdict", "reason", "slots", "input.value", "output.value"];

/** Whether the evidence holds every figure, or the queries the whole question; what was objected to if not. */
export function VerdictDetails({ span }: DetailsProps) {
  const t = useT();
  const { attributes } = span;
  const verdict = text(attributes, "verdict");
  const held = verdict === "held";
  const ofCoverage = spanTitle(span.name).what === "coverage";
  const [good, bad] = ofCoverage ? [m.coverageHeld, m.coverageRejected] : [m.verdictHeld, m.verdictRejected];
  const reason = text(attributes, "reason");
  const slots = number(attributes, "slots");
  const template = text(attributes, "input.value");
  const output = text(attributes, "output.value");
  return (
    <>
      {verdict ? (
        <div className={styles.verdict} data-held={held}>
          {held ? <CheckCircleFilled aria-hidden /> : <CloseCircleFilled aria-hidden />}
          <div>
            <p>{t(held ? good : bad)}</p>
            {reason ? <p className={styles.reason}>{reason}</p> : null}
            {slots === null ? null : <p className={styles.slots}>{t(m.slots, { n: slots })}</p>}
          </div>
        </div>
      ) : null}
      {template && ofCoverage ? (
        <Part title={t(m.question)}>
          <Prose text={template} label={t(m.question)} />
        </Part>
      ) : null}
      {template && !ofCoverage ? (
        <Part title={t(m.template)} aside={t(m.templateHint)}>
          <Template text={template} label={t(m.template)} />
        </Part>
      ) : null}
      {output && output !== reason && !ofCoverage ? (
        <Part title={t(m.output)}>
          <Prose text={output} label={t(m.output)} />
        </Part>
      ) : null}
    </>
  );
}
