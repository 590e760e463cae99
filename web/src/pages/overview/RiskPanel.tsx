import { Link } from "react-router";
import { useTool } from "@/api/useTool";
import { Figure } from "@/components/figures/Figure";
import { Panel, ToolView } from "@/components/figures/Panel";
import { Pill } from "@/components/Pill";
import { useLanguage } from "@/i18n/language";
import { partnerPath, RISK_TONES } from "@/lib/partners";
import { parts, rowsOf } from "@/lib/rows";
import { m } from "./messages";
import styles from "./Overview.module.css";

const SHOWN = 6;

/** Partners whose leaving would cost most. */
export function RiskPanel({ regions }: { regions: string[] }) {
  const { language, t } = useLanguage();
  const filter = regions.length > 0 ? { regions } : {};
  const state = useTool("churn", { order: "exposure", limit: SHOWN, ...filter });
  return (
    <Panel
      title={t(m.riskTitle)}
      hint={t(m.riskHint)}
      source={state}
      className={styles.right}
      actions={
        <Link className={styles.more} to="/partners?sort=exposure">
          {t(m.toPartners)}
        </Link>
      }
    >
      <ToolView state={state} lines={6}>
        {(figures) => (
          <ul className={styles.risks}>
            {rowsOf(figures).map((row) => {
              const name = row.text("partner");
              return (
                <li key={name}>
                  <Link to={partnerPath(name)} className={styles.partner} title={name}>
                    {name}
                  </Link>
                  <Pill tone={RISK_TONES[row.text("band")] ?? "neutral"}>
                    <Figure of={figures} row={row.index} column="risk" label={name} />
                  </Pill>
                  <span className={styles.value}>
                    <Figure of={figures} row={row.index} column="exposure" label={name} tab={false} />
                    <small>
                      / <Figure of={figures} row={row.index} column="amount_12m" label={name} tab={false} />
                    </small>
                  </span>
                  <p className={styles.reason}>
                    {parts(row.words("reasons", language)).slice(0, 2).join(" · ")}
                  </p>
                </li>
              );
            })}
          </ul>
        )}
      </ToolView>
    </Panel>
  );
}
