import { useTool } from "@/api/useTool";
import { Change } from "@/components/figures/Change";
import { Figure, SourceTitle } from "@/components/figures/Figure";
import { useLanguage } from "@/i18n/language";
import { columnLabel } from "@/lib/format";
import type { Period } from "@/lib/periods";
import { columnOf, rowsOf } from "@/lib/rows";
import { type Carried, headlineQuery, headlines, type OverviewFilter } from "./filters";
import { m } from "./messages";
import styles from "./Overview.module.css";

interface Props {
  filter: OverviewFilter;
  period: Period;
  carries: Carried;
}

/** The strip of figures at the top, each against a year before. */
export function Headlines(props: Props) {
  const { t } = useLanguage();
  return (
    <section className={styles.headlines} aria-label={t(m.figures)}>
      {headlines(props.carries).map((metric) => (
        <Headline key={metric} metric={metric} {...props} />
      ))}
    </section>
  );
}

/** Less of these is better. */
const FALLING_IS_GOOD = new Set(["overdue_amount", "return_rate", "discount_rate"]);

function Headline({ metric, filter, period, carries }: Props & { metric: string }) {
  const { language, t } = useLanguage();
  const state = useTool("query", headlineQuery(metric, period, filter, carries));
  if (state.is !== "ready")
    return <div className={styles.headline} data-waiting={state.is === "waiting"} aria-hidden="true" />;
  const { figures, stale } = state;
  const column = columnOf(figures, metric);
  const compared = [`${metric}__change_rate`, `${metric}__change`].find(
    (name) => columnOf(figures, name) && name.endsWith("_rate") === (column?.unit !== "ratio"),
  );
  const known = compared !== undefined && rowsOf(figures)[0]?.number(compared) !== null;
  const label = column ? columnLabel(column, language) : metric;
  return (
    <SourceTitle value={label}>
      <div className={styles.headline} data-stale={stale}>
        <h2>{label}</h2>
        <Figure of={figures} row={0} column={metric} label={label} className={styles.big} />
        {compared && known ? (
          <p>
            <Change
              of={figures}
              row={0}
              column={compared}
              better={FALLING_IS_GOOD.has(metric) ? "down" : "up"}
              label={t(m.yoy)}
            />{" "}
            <span>{t(m.yoy)}</span>
          </p>
        ) : metric === "attainment" && period.elapsed < 1 ? (
          <p>{t(m.elapsed, { share: `${Math.round(period.elapsed * 100)}%` })}</p>
        ) : null}
      </div>
    </SourceTitle>
  );
}
