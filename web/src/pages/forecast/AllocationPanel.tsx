import { ArrowRightOutlined } from "@ant-design/icons";
import type { Figures } from "@/api/types";
import { figuresOf, useTool } from "@/api/useTool";
import { Figure } from "@/components/figures/Figure";
import { Note, Panel, ToolView } from "@/components/figures/Panel";
import { useLanguage } from "@/i18n/language";
import { rowsOf } from "@/lib/rows";
import styles from "./Forecast.module.css";
import { m } from "./messages";

/** What to move where, and what that would bring. */
export function AllocationPanel({ regions }: { regions: string[] }) {
  const { t } = useLanguage();
  const filter = regions.length > 0 ? { regions } : {};
  const state = useTool("allocation", { ...filter, limit: 8 });
  const summary = figuresOf(useTool("allocation_summary", filter));
  return (
    <Panel title={t(m.planTitle)} hint={t(m.planHint)} source={state} className={styles.right}>
      {summary && summary.rows.length > 0 ? <Effect figures={summary} /> : null}
      <ToolView state={state} lines={6} empty={<Note title={t(m.noPlan)} />}>
        {(figures) => <Moves figures={figures} />}
      </ToolView>
    </Panel>
  );
}

function Effect({ figures }: { figures: Figures }) {
  const { t } = useLanguage();
  const fact = (column: string, label: string) => (
    <div>
      <dt>{label}</dt>
      <dd>
        <Figure of={figures} row={0} column={column} label={label} />
      </dd>
    </div>
  );
  return (
    <dl className={styles.effect}>
      {fact("effect", t(m.effect))}
      {fact("transfer_cost", t(m.cost))}
      {fact("net_effect", t(m.net))}
      <div>
        <dt>{t(m.shortage)}</dt>
        <dd>
          <Figure of={figures} row={0} column="shortage_before" label={t(m.beforeAfter)} /> →{" "}
          <Figure of={figures} row={0} column="shortage_after" label={t(m.beforeAfter)} />
        </dd>
      </div>
    </dl>
  );
}

function Moves({ figures }: { figures: Figures }) {
  const { language, t } = useLanguage();
  return (
    <ol className={styles.moves}>
      {rowsOf(figures).map((row) => (
        <li key={row.index} title={row.words("reasons", language)}>
          <div className={styles.route}>
            <span>{row.text("from_warehouse")}</span>
            <ArrowRightOutlined aria-hidden />
            <span>{row.text("to_warehouse")}</span>
          </div>
          <div className={styles.what}>
            <span className={styles.soft}>
              {row.text("product")} ×{" "}
              <Figure of={figures} row={row.index} column="units" label={t(m.units)} />
            </span>
            <span className={styles.soft}>
              <Figure of={figures} row={row.index} column="risk_before" label={t(m.risk)} tab={false} /> →{" "}
              <Figure of={figures} row={row.index} column="risk_after" label={t(m.risk)} tab={false} />
            </span>
            <span className={styles.value}>
              <Figure
                of={figures}
                row={row.index}
                column="effect"
                look="change"
                label={t(m.effect)}
                tab={false}
              />
            </span>
          </div>
        </li>
      ))}
    </ol>
  );
}
