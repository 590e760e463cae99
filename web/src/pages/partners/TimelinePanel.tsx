import { useTool } from "@/api/useTool";
import { Figure } from "@/components/figures/Figure";
import { Panel, ToolView } from "@/components/figures/Panel";
import { useLanguage } from "@/i18n/language";
import { rowsOf } from "@/lib/rows";
import { m } from "./messages";
import styles from "./Partner.module.css";

export function TimelinePanel({ partner }: { partner: string }) {
  const { language, t } = useLanguage();
  const state = useTool("partner_timeline", { partner, limit: 40 });
  return (
    <Panel title={t(m.timelineTitle)} source={state} className={styles.third}>
      <ToolView state={state} lines={6} empty={<p className={styles.soft}>{t(m.noTimeline)}</p>}>
        {(figures) => (
          // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
          <ol className={styles.timeline} tabIndex={0} aria-label={t(m.timelineTitle)}>
            {rowsOf(figures).map((row) => (
              <li key={row.index} data-kind={row.text("kind")}>
                <time>{row.text("date")}</time>
                <span>
                  {row.words("title", language)}{" "}
                  {row.number("amount") === null ? null : (
                    <Figure of={figures} row={row.index} column="amount" tab={false} />
                  )}
                </span>
              </li>
            ))}
          </ol>
        )}
      </ToolView>
    </Panel>
  );
}
