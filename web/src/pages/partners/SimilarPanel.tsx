import { Link } from "react-router";
import { useTool } from "@/api/useTool";
import { Figure } from "@/components/figures/Figure";
import { Panel, ToolView } from "@/components/figures/Panel";
import { useLanguage } from "@/i18n/language";
import { partnerPath } from "@/lib/partners";
import { parts, rowsOf } from "@/lib/rows";
import { m } from "./messages";
import styles from "./Partner.module.css";
import { comparePath } from "./paths";

export function SimilarPanel({ partner }: { partner: string }) {
  const { language, t } = useLanguage();
  const state = useTool("similar_partners", { partner, limit: 5 });
  return (
    <Panel title={t(m.similarTitle)} source={state} className={styles.third}>
      <ToolView state={state} lines={5}>
        {(figures) => (
          <ul className={styles.similar}>
            {rowsOf(figures).map((row) => {
              const name = row.text("partner");
              return (
                <li key={name}>
                  <div className={styles.similarHead}>
                    <Link to={partnerPath(name)} title={name}>
                      {name}
                    </Link>
                    <Figure of={figures} row={row.index} column="similarity" label={t(m.similarity)} />
                  </div>
                  <p className={styles.soft}>
                    {parts(row.words("reasons", language)).join(" · ")}{" "}
                    <Link to={comparePath(partner, name)}>{t(m.compare)}</Link>
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
