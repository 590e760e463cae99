import { Link } from "react-router";
import type { Figures } from "@/api/types";
import { type ToolState, useTool } from "@/api/useTool";
import { Change } from "@/components/figures/Change";
import { Figure } from "@/components/figures/Figure";
import { Panel, ToolView } from "@/components/figures/Panel";
import { useLanguage } from "@/i18n/language";
import { partnerPath } from "@/lib/partners";
import type { Period } from "@/lib/periods";
import { rowsOf } from "@/lib/rows";
import { moversQuery, type OverviewFilter } from "./filters";
import { m } from "./messages";
import styles from "./Overview.module.css";

export function MoversPanel({ filter, period }: { filter: OverviewFilter; period: Period }) {
  const { pick, t } = useLanguage();
  const up = useTool("query", moversQuery("desc", period, filter));
  const down = useTool("query", moversQuery("asc", period, filter));
  const most = Math.max(largest(up), largest(down));
  return (
    <Panel
      title={t(m.moversTitle)}
      hint={t(m.moversHint, { period: pick(period.label) })}
      source={up}
      className={styles.right}
    >
      <div className={styles.movers}>
        <Movers title={t(m.risers)} state={up} most={most} />
        <Movers title={t(m.fallers)} state={down} most={most} falling />
      </div>
    </Panel>
  );
}

function largest(state: ToolState): number {
  if (state.is !== "ready") return 0;
  return Math.max(0, ...rowsOf(state.figures).map((row) => Math.abs(row.number("amount__change") ?? 0)));
}

interface MoversProps {
  title: string;
  state: ToolState;
  most: number;
  falling?: boolean;
}

function Movers({ title, state, most, falling = false }: MoversProps) {
  const { t } = useLanguage();
  return (
    <section aria-label={title}>
      <h3>{title}</h3>
      <ToolView state={state} lines={4} empty={<p className={styles.soft}>{t(m.noMovers)}</p>}>
        {(figures) => <MoverList figures={figures} most={most} falling={falling} />}
      </ToolView>
    </section>
  );
}

function MoverList({ figures, most, falling }: { figures: Figures; most: number; falling: boolean }) {
  const { t } = useLanguage();
  return (
    <ol className={styles.moverList}>
      {rowsOf(figures).map((row) => {
        const name = row.text("partner");
        const share = most > 0 ? Math.abs(row.number("amount__change") ?? 0) / most : 0;
        return (
          <li key={name} data-falling={falling}>
            <Link to={partnerPath(name)} className={styles.partner}>
              {name}
            </Link>
            <span>
              {row.number("amount__change_rate") === null ? (
                <span className={styles.soft}>{t(m.newOnes)}</span>
              ) : (
                <Change of={figures} row={row.index} column="amount__change_rate" label={name} tab={false} />
              )}
            </span>
            <span className={styles.track} aria-hidden="true">
              <span style={{ width: `${share * 100}%` }} />
            </span>
            <Figure
              of={figures}
              row={row.index}
              column="amount__change"
              look="change"
              label={name}
              className={styles.moved}
            />
          </li>
        );
      })}
    </ol>
  );
}
