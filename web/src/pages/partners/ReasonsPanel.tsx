import type { ReactNode } from "react";
import { figuresOf, type ToolState } from "@/api/useTool";
import { Panel, ToolView } from "@/components/figures/Panel";
import { useLanguage } from "@/i18n/language";
import { parts, type Row, rowsOf } from "@/lib/rows";
import { m } from "./messages";
import styles from "./Partner.module.css";

interface Props {
  segments: ToolState;
  churn: ToolState;
  health: ToolState;
}

/** Why it is where it is, and what would help. */
export function ReasonsPanel({ segments, churn, health }: Props) {
  const { language, t } = useLanguage();
  const segment = figuresOf(segments);
  const row = segment ? rowsOf(segment)[0] : undefined;
  const support = row?.words("support", language);
  return (
    <Panel title={t(m.whyTitle)} source={churn} className={styles.narrow}>
      <div className={styles.whys}>
        <Why title={t(m.whyChurn)} state={churn}>
          {(one) => one.words("band", language)}
        </Why>
        <Why title={t(m.whyHealth)} state={health}>
          {(one) => one.words("band", language)}
        </Why>
        <Why title={t(m.whySegment)} state={segments}>
          {(one) => {
            const before = one.words("previous_segment", language);
            const now = one.words("segment", language);
            return before && before !== now ? `${now} (${t(m.fromSegment, { name: before })})` : now;
          }}
        </Why>
        {support ? (
          <section className={styles.support}>
            <h3>{t(m.support)}</h3>
            <p>{support}</p>
          </section>
        ) : null}
      </div>
    </Panel>
  );
}

interface WhyProps {
  title: string;
  state: ToolState;
  /** What it was judged to be. */
  children: (row: Row) => ReactNode;
}

function Why({ title, state, children }: WhyProps) {
  const { language, t } = useLanguage();
  return (
    <section>
      <ToolView state={state} lines={2} empty={null}>
        {(figures) => {
          const row = rowsOf(figures)[0];
          if (!row) return null;
          const reasons = parts(row.words("reasons", language));
          return (
            <>
              <h3>
                {title} <span>{children(row)}</span>
              </h3>
              {reasons.length > 0 ? (
                <ul>
                  {reasons.map((reason) => (
                    <li key={reason}>{reason}</li>
                  ))}
                </ul>
              ) : (
                <p className={styles.soft}>{t(m.noReason)}</p>
              )}
            </>
          );
        }}
      </ToolView>
    </section>
  );
}
