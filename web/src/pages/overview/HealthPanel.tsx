import { useMemo, useState } from "react";
import type { Figures } from "@/api/types";
import { useTool } from "@/api/useTool";
import { Figure } from "@/components/figures/Figure";
import { Meter } from "@/components/figures/Meter";
import { Panel, ToolView } from "@/components/figures/Panel";
import { Radar } from "@/components/figures/Radar";
import { useT } from "@/i18n/language";
import { bandTone, HEALTH_AXES } from "@/lib/partners";
import { type Row, rowsOf } from "@/lib/rows";
import { m } from "./messages";
import styles from "./Overview.module.css";

/** Regions on the radar by default, and at most: more lines would be a knot. */
const FIRST = 2;
const MOST = 4;

export function HealthPanel({ regions }: { regions: string[] }) {
  const t = useT();
  const state = useTool("health_summary", { by: "region" });
  return (
    <Panel title={t(m.healthTitle)} hint={t(m.healthHint)} source={state} className={styles.left}>
      <ToolView state={state} lines={8}>
        {(figures) => <Health figures={figures} only={regions} />}
      </ToolView>
    </Panel>
  );
}

function Health({ figures, only }: { figures: Figures; only: string[] }) {
  const t = useT();
  const rows = useMemo(() => {
    const all = rowsOf(figures).filter((row) => row.text("region"));
    const kept = only.length > 0 ? all.filter((row) => only.includes(row.text("region"))) : all;
    return kept.sort((a, b) => (b.number("score") ?? -1) - (a.number("score") ?? -1));
  }, [figures, only]);
  const [chosen, setChosen] = useState<string[] | null>(null);
  const shown = useMemo(() => drawn(rows, chosen), [rows, chosen]);
  const names = shown.map((row) => row.text("region"));
  const axes = HEALTH_AXES.filter((axis) => rows.some((row) => row.number(axis) !== null));

  const toggle = (name: string) => {
    const next = names.includes(name) ? names.filter((other) => other !== name) : [...names, name];
    setChosen(next.slice(-MOST));
  };
  return (
    <div className={styles.health}>
      {axes.length >= 3 ? (
        <Radar
          figures={figures}
          rows={shown}
          axes={axes}
          member="region"
          title={t(m.radarName, { names: names.join(" · ") })}
        />
      ) : (
        <p className={styles.soft}>{t(m.noAxes)}</p>
      )}
      <ul className={styles.scores}>
        {rows.map((row) => {
          const name = row.text("region");
          const place = names.indexOf(name);
          return (
            <li key={name}>
              <button
                type="button"
                className={styles.member}
                aria-pressed={place >= 0}
                title={t(m.showOnRadar, { name })}
                onClick={() => toggle(name)}
              >
                <span className={styles.swatch} data-series={place} aria-hidden="true" />
                <span className={styles.name}>{name}</span>
                <span className={styles.soft}>{t(m.partners, { n: row.number("partners") ?? 0 })}</span>
              </button>
              <Meter value={(row.number("score") ?? 0) / 100} tone={bandTone(row.number("score"))} />
              <Figure of={figures} row={row.index} column="score" label={name} className={styles.score} />
            </li>
          );
        })}
      </ul>
    </div>
  );
}

/** The best and the worst to begin with; then what was chosen. */
function drawn(rows: readonly Row[], chosen: readonly string[] | null): Row[] {
  if (chosen) return chosen.flatMap((name) => rows.find((row) => row.text("region") === name) ?? []);
  const scored = rows.filter((row) => row.number("score") !== null);
  const [best] = scored;
  const worst = scored.at(-1);
  return [best, worst]
    .filter((row, at, all): row is Row => row !== undefined && all.indexOf(row) === at)
    .slice(0, FIRST);
}
