import { Link } from "react-router";
import { useTool } from "@/api/useTool";
import { Change } from "@/components/figures/Change";
import { Figure } from "@/components/figures/Figure";
import { Meter } from "@/components/figures/Meter";
import { Panel, ToolView } from "@/components/figures/Panel";
import { Pill } from "@/components/Pill";
import { useLanguage } from "@/i18n/language";
import { SEGMENT_TONES } from "@/lib/partners";
import { rowsOf } from "@/lib/rows";
import { m } from "./messages";
import styles from "./Overview.module.css";

export function SegmentsPanel({ regions }: { regions: string[] }) {
  const { language, t } = useLanguage();
  const state = useTool("segment_summary", regions.length > 0 ? { regions } : {});
  return (
    <Panel title={t(m.segmentsTitle)} hint={t(m.segmentsHint)} source={state} className={styles.left}>
      <ToolView state={state} lines={5}>
        {(figures) => (
          <ul className={styles.segments}>
            {rowsOf(figures).map((row) => {
              const key = row.text("segment");
              const name = row.words("segment", language);
              return (
                <li key={key}>
                  <div className={styles.segmentHead}>
                    <Link to={`/partners?segment=${encodeURIComponent(key)}`}>
                      <Pill tone={SEGMENT_TONES[key] ?? "neutral"}>{name}</Pill>
                    </Link>
                    <span className={styles.soft}>{t(m.partners, { n: row.number("partners") ?? 0 })}</span>
                    <span className={styles.space} />
                    <Figure of={figures} row={row.index} column="amount_12m" label={name} />
                    <span className={styles.rate}>
                      <Change of={figures} row={row.index} column="growth" label={name} tab={false} />
                    </span>
                  </div>
                  <Meter value={row.number("share")} tone={key === "high_potential" ? "signal" : "primary"} />
                  <p className={styles.soft}>{row.words("support", language)}</p>
                </li>
              );
            })}
          </ul>
        )}
      </ToolView>
    </Panel>
  );
}
