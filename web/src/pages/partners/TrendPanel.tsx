import { useTool } from "@/api/useTool";
import { FigureChart } from "@/components/figures/FigureChart";
import { Panel, ToolView } from "@/components/figures/Panel";
import { useLanguage } from "@/i18n/language";
import { columnOf } from "@/lib/rows";
import { m } from "./messages";
import styles from "./Partner.module.css";

export function TrendPanel({ partner }: { partner: string }) {
  const { t } = useLanguage();
  const state = useTool("partner_trend", { partner, months: 24 });
  return (
    <Panel title={t(m.trendTitle)} hint={t(m.trendHint)} source={state} className={styles.wide}>
      <ToolView state={state} lines={6}>
        {(figures) => (
          <FigureChart
            figures={figures}
            x="month"
            bars={["amount"]}
            lines={["peer_median_amount", "sell_through_amount"].filter(
              (name) =>
                columnOf(figures, name) &&
                figures.rows.some((row) => row[figures.columns.findIndex((c) => c.name === name)] !== null),
            )}
            title={t(m.trendTitle)}
            height={330}
          />
        )}
      </ToolView>
    </Panel>
  );
}
