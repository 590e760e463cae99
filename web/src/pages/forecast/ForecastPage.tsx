import { Select } from "antd";
import { figuresOf, useTool } from "@/api/useTool";
import { m as app } from "@/app/messages";
import { FigurePage } from "@/components/figures/FigurePage";
import { PageHeader } from "@/components/PageHeader";
import { useLanguage } from "@/i18n/language";
import type { Message } from "@/i18n/message";
import { rowsOf } from "@/lib/rows";
import { type Change, useUrlState } from "@/lib/urlState";
import { AccuracyPanel } from "./AccuracyPanel";
import { AllocationPanel } from "./AllocationPanel";
import styles from "./Forecast.module.css";
import { LevelsPanel } from "./LevelsPanel";
import { m } from "./messages";
import { SeriesPanel } from "./SeriesPanel";
import { StockPanel } from "./StockPanel";
import { forecastArguments, HORIZONS, LEVELS, METRICS, readSettings, type Settings } from "./settings";
import { TotalStrip } from "./TotalStrip";

/** What is to be expected, how sure that is, and what it means for the stock. */
export function Component() {
  const { t } = useLanguage();
  const [search, change] = useUrlState();
  const settings = readSettings(search);
  const levels = useTool("forecast", {
    ...forecastArguments(settings, settings.level),
    limit: settings.level === "partner" ? 30 : 100,
  });
  const found = figuresOf(levels);
  const members =
    found && settings.level !== "total"
      ? rowsOf(found)
          .map((row) => row.text(settings.level))
          .filter(Boolean)
      : [];
  const member = members.includes(settings.member) ? settings.member : (members[0] ?? "");
  return (
    <FigurePage>
      <PageHeader title={t(app.forecast)} description={t(m.description)} />
      <Bar settings={settings} onChange={change} />
      <TotalStrip settings={settings} />
      <div className={styles.grid}>
        <SeriesPanel
          key={`${settings.level} ${member}`}
          settings={settings}
          member={member}
          ready={settings.level === "total" || member !== ""}
        />
        <LevelsPanel
          state={levels}
          settings={settings}
          chosen={member}
          onChoose={(name) => change({ member: name })}
        />
        <AccuracyPanel settings={settings} />
        <StockPanel regions={settings.regions} />
        <AllocationPanel regions={settings.regions} />
      </div>
    </FigurePage>
  );
}

interface BarProps {
  settings: Settings;
  onChange: (change: Change) => void;
}

function Bar({ settings, onChange }: BarProps) {
  const { t } = useLanguage();
  const regions = figuresOf(
    useTool("query", {
      metrics: ["amount"],
      dimensions: ["region"],
      order: [{ by: "amount", direction: "desc" }],
      limit: 100,
    }),
  );
  const names = regions
    ? rowsOf(regions)
        .map((row) => row.text("region"))
        .filter(Boolean)
    : [];
  const choice = <T extends string>(
    name: string,
    label: Message,
    value: T,
    known: readonly T[],
    words: Record<T, Message>,
  ) => (
    <Select
      className={styles.select ?? ""}
      aria-label={t(label)}
      value={value}
      popupMatchSelectWidth={false}
      onChange={(chosen: T) => onChange({ [name]: chosen, ...(name === "by" ? { member: null } : {}) })}
      options={known.map((one) => ({ value: one, label: t(words[one]) }))}
    />
  );
  return (
    <search className={styles.filters} aria-label={t(m.settings)}>
      {choice("horizon", m.horizon, settings.horizon, HORIZONS, m)}
      {choice("by", m.level, settings.level, LEVELS, m)}
      {choice("metric", m.metric, settings.metric, METRICS, m)}
      <Select
        mode="multiple"
        className={styles.several ?? ""}
        aria-label={t(m.region)}
        placeholder={t(m.allRegions)}
        value={settings.regions}
        maxTagCount="responsive"
        popupMatchSelectWidth={false}
        onChange={(chosen: string[]) => onChange({ region: chosen, member: null })}
        options={[...new Set([...names, ...settings.regions])].map((one) => ({ value: one, label: one }))}
      />
    </search>
  );
}
