import type { Figures } from "@/api/types";
import { useTool } from "@/api/useTool";
import { Change } from "@/components/figures/Change";
import { Figure } from "@/components/figures/Figure";
import { Note, Panel, ToolView } from "@/components/figures/Panel";
import { Pill } from "@/components/Pill";
import { type RecordColumn, RecordTable } from "@/components/RecordTable";
import { useLanguage } from "@/i18n/language";
import { type Row, rowsOf } from "@/lib/rows";
import styles from "./Forecast.module.css";
import { m } from "./messages";
import type { Settings } from "./settings";

/** Earlier forecasts beside what came: the honest measure of the method. */
export function AccuracyPanel({ settings }: { settings: Settings }) {
  const { t } = useLanguage();
  const by = settings.level === "total" || settings.level === "partner" ? [] : [settings.level];
  const state = useTool("forecast_accuracy", { by });
  return (
    <Panel title={t(m.accuracyTitle)} hint={t(m.accuracyHint)} source={state} className={styles.whole}>
      <ToolView state={state} lines={6} empty={<Note title={t(m.noAccuracy)} />}>
        {(figures) => <Accuracy figures={figures} level={by[0] ?? ""} />}
      </ToolView>
    </Panel>
  );
}

const SHOWN = 12;

function Accuracy({ figures, level }: { figures: Figures; level: string }) {
  const { t } = useLanguage();
  const figure = (row: Row, column: string) => (
    <Figure of={figures} row={row.index} column={column} label={row.text(level)} tab={column === "actual"} />
  );
  const columns: RecordColumn<Row>[] = [
    {
      key: "member",
      title: level && level in m ? t(m[level as keyof typeof m]) : t(m.total),
      narrow: "head",
      grow: true,
      render: (row) => (level && row.text("kind") !== "total" ? row.text(level) || "—" : t(m.total)),
    },
    { key: "period", title: t(m.period), together: true, render: (row) => row.text("period") },
    { key: "forecast", title: t(m.forecast), numeric: true, render: (row) => figure(row, "forecast") },
    { key: "actual", title: t(m.actual), numeric: true, render: (row) => figure(row, "actual") },
    {
      key: "error",
      title: t(m.error),
      numeric: true,
      render: (row) => (
        <Change
          of={figures}
          row={row.index}
          column="error_rate"
          better="neutral"
          label={t(m.error)}
          tab={false}
        />
      ),
    },
    { key: "inside", title: t(m.inside), render: (row) => <Inside row={row} /> },
    {
      key: "origin",
      title: t(m.madeOn),
      together: true,
      narrow: "word",
      render: (row) => (
        <span className={styles.soft}>
          {row.text("made_on")} · {t(row.text("origin") === "stored" ? m.stored : m.backtest)}
        </span>
      ),
    },
  ];
  return (
    <div className={styles.flat}>
      <RecordTable
        caption={t(m.accuracyTitle)}
        columns={columns}
        rows={rowsOf(figures).slice(0, SHOWN)}
        rowKey={(row) => row.index}
      />
    </div>
  );
}

function Inside({ row }: { row: Row }) {
  const { t } = useLanguage();
  const holds = (name: string) => row.get(name) === true || row.get(name) === 1;
  if (row.get("inside80") === null && row.get("inside95") === null) return null;
  if (holds("inside80")) return <Pill tone="good">{t(m.inside80)}</Pill>;
  if (holds("inside95")) return <Pill tone="warn">{t(m.inside95)}</Pill>;
  return <Pill tone="bad">{t(m.outside)}</Pill>;
}
