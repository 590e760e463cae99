import type { Figures } from "@/api/types";
import type { ToolState } from "@/api/useTool";
import { Change } from "@/components/figures/Change";
import { Figure } from "@/components/figures/Figure";
import { Panel, ToolView } from "@/components/figures/Panel";
import { useLanguage } from "@/i18n/language";
import { type Row, rowsOf } from "@/lib/rows";
import styles from "./Forecast.module.css";
import { m } from "./messages";
import type { Settings } from "./settings";

interface Props {
  state: ToolState;
  settings: Settings;
  chosen: string;
  onChoose: (member: string) => void;
}

/** The forecast of every member of the level, with its interval. */
export function LevelsPanel({ state, settings, chosen, onChoose }: Props) {
  const { t } = useLanguage();
  const level = t(m[settings.level]);
  return (
    <Panel
      title={t(m.levelsTitle, { level: level.toLowerCase() })}
      hint={t(m.levelsHint)}
      source={state}
      className={styles.right}
    >
      <ToolView state={state} lines={8}>
        {(figures) => <Levels figures={figures} level={settings.level} chosen={chosen} onChoose={onChoose} />}
      </ToolView>
    </Panel>
  );
}

interface LevelsProps {
  figures: Figures;
  level: Settings["level"];
  chosen: string;
  onChoose: (member: string) => void;
}

function Levels({ figures, level, chosen, onChoose }: LevelsProps) {
  const { t } = useLanguage();
  const rows = rowsOf(figures).filter((row) => level === "total" || row.text("kind") !== "total");
  const most = Math.max(1, ...rows.map((row) => row.number("hi80") ?? row.number("forecast") ?? 0));
  const several = new Set(rows.map((row) => row.text("period"))).size > 1;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
    <ul className={styles.levels} tabIndex={0} aria-label={t(m.levelsTitle, { level: t(m[level]) })}>
      {rows.map((row) => {
        const name = level === "total" ? "" : row.text(level);
        const words = [name || (level === "total" ? t(m.total) : "—"), several ? row.text("period") : ""];
        return (
          <li key={row.index} data-chosen={name !== "" && name === chosen}>
            <button
              type="button"
              className={styles.member}
              aria-pressed={name === chosen}
              disabled={level === "total" || name === ""}
              title={words.join(" ")}
              onClick={() => onChoose(name)}
            >
              {words.filter(Boolean).join(" · ")}
            </button>
            <span className={styles.value}>
              <Figure of={figures} row={row.index} column="forecast" label={name} />
              <Change of={figures} row={row.index} column="change_rate" label={name} tab={false} />
            </span>
            <Interval row={row} most={most} />
            <span className={styles.wape}>
              ±<Figure of={figures} row={row.index} column="backtest_wape" label={t(m.wape)} tab={false} />
            </span>
          </li>
        );
      })}
    </ul>
  );
}

/** The 80 % interval as a bar and the forecast as a dot, on one scale for all. */
function Interval({ row, most }: { row: Row; most: number }) {
  const at = (name: string) => `${Math.max(0, Math.min(1, (row.number(name) ?? 0) / most)) * 100}%`;
  const width = `max(2px, calc(${at("hi80")} - ${at("lo80")}))`;
  return (
    <span className={styles.interval} aria-hidden="true">
      {row.number("lo80") === null ? null : <span style={{ left: at("lo80"), width }} />}
      <i style={{ left: at("forecast") }} />
    </span>
  );
}
