import { useTool } from "@/api/useTool";
import { BandChart } from "@/components/figures/BandChart";
import { Panel, ToolView } from "@/components/figures/Panel";
import { useLanguage } from "@/i18n/language";
import styles from "./Forecast.module.css";
import { m } from "./messages";
import { forecastArguments, type Settings } from "./settings";

interface Props {
  settings: Settings;
  member: string;
  /** Whether it is known which member to show. */
  ready: boolean;
}

/** History and forecast of one member, with its intervals. */
export function SeriesPanel({ settings, member, ready }: Props) {
  const { t } = useLanguage();
  const state = useTool(
    "forecast_series",
    ready ? { ...forecastArguments(settings, settings.level, member), history_months: 24 } : null,
  );
  const name = member || t(m.total);
  return (
    <Panel title={t(m.seriesTitle, { name })} hint={t(m.seriesHint)} source={state} className={styles.left}>
      <ToolView state={state} lines={8}>
        {(figures) => (
          <BandChart
            figures={figures}
            names={{
              actual: t(m.actual),
              forecast: t(m.forecast),
              inner: t(m.interval80),
              outer: t(m.interval95),
            }}
            title={t(m.seriesTitle, { name })}
          />
        )}
      </ToolView>
    </Panel>
  );
}
