import { useTool } from "@/api/useTool";
import { Change } from "@/components/figures/Change";
import { Figure, SourceTitle } from "@/components/figures/Figure";
import { ToolView } from "@/components/figures/Panel";
import { Pill } from "@/components/Pill";
import { useLanguage } from "@/i18n/language";
import { rowsOf } from "@/lib/rows";
import styles from "./Forecast.module.css";
import { m } from "./messages";
import { forecastArguments, type Settings } from "./settings";

/** The total of what is chosen, with how sure it is. */
export function TotalStrip({ settings }: { settings: Settings }) {
  const { t } = useLanguage();
  const state = useTool("forecast", { ...forecastArguments(settings, "total"), limit: 1 });
  return (
    <SourceTitle value={t(m.headlineTitle)}>
      <section className={styles.strip} aria-label={t(m.headlineTitle)}>
        {state.is === "ready" && state.figures.rows.length > 0 ? (
          <Cells figures={state.figures} />
        ) : (
          <div className={styles.cell}>
            <ToolView state={state} lines={2}>
              {() => null}
            </ToolView>
          </div>
        )}
      </section>
    </SourceTitle>
  );
}

function Cells({ figures }: { figures: Parameters<typeof rowsOf>[0] & Parameters<typeof Figure>[0]["of"] }) {
  const { language, t } = useLanguage();
  const row = rowsOf(figures)[0];
  const figure = (column: string, label: string, large = false) => (
    <Figure of={figures} row={0} column={column} label={label} className={large ? styles.big : undefined} />
  );
  return (
    <>
      <div className={styles.cell}>
        <h2>
          {t(m.forecast)} {row?.text("period")}
        </h2>
        {figure("forecast", t(m.forecast), true)}
        <p>
          <Change of={figures} row={0} column="change_rate" label={t(m.yoy)} /> <span>{t(m.yoy)}</span>
        </p>
      </div>
      <div className={styles.cell}>
        <h2>{t(m.interval80)}</h2>
        <div className={styles.range}>
          {figure("lo80", t(m.interval80))} – {figure("hi80", t(m.interval80))}
        </div>
        <p>
          <span>{t(m.interval95)}</span> {figure("lo95", t(m.interval95))} – {figure("hi95", t(m.interval95))}
        </p>
      </div>
      <div className={styles.cell}>
        <h2>{t(m.wape)}</h2>
        {figure("backtest_wape", t(m.wape), true)}
        <p>
          <span>{t(m.bias)}</span>{" "}
          <Figure of={figures} row={0} column="backtest_bias" look="change" label={t(m.bias)} />
        </p>
      </div>
      <div className={styles.cell}>
        <h2>
          {t(m.coverage)} {t(m.coverageOf)}
        </h2>
        <div className={styles.range}>
          {figure("coverage80", t(m.coverage))} / {figure("coverage95", t(m.coverage))}
        </div>
        <p>
          <span>{t(m.method)}</span> {row?.words("method", language) || row?.text("method")}{" "}
          {row?.text("confidence") === "low" ? <Pill tone="warn">{t(m.lowConfidence)}</Pill> : null}
        </p>
      </div>
    </>
  );
}
