import type { ToolState } from "@/api/useTool";
import { Figure } from "@/components/figures/Figure";
import { Panel, ToolView } from "@/components/figures/Panel";
import { Radar } from "@/components/figures/Radar";
import { useLanguage } from "@/i18n/language";
import { columnLabel } from "@/lib/format";
import { HEALTH_AXES } from "@/lib/partners";
import { columnOf, rowsOf } from "@/lib/rows";
import { m } from "./messages";
import styles from "./Partner.module.css";

/** The partner's health, axis by axis. */
export function AxesPanel({ partner, health }: { partner: string; health: ToolState }) {
  const { language, t } = useLanguage();
  return (
    <Panel title={t(m.radarTitle)} hint={t(m.radarHint)} source={health} className={styles.third}>
      <ToolView state={health} lines={6}>
        {(figures) => {
          const row = rowsOf(figures)[0];
          if (!row) return null;
          const axes = HEALTH_AXES.filter((axis) => row.number(axis) !== null);
          const group = row.text("peer_group");
          return (
            <>
              {axes.length >= 3 ? (
                <Radar
                  figures={figures}
                  rows={[row]}
                  axes={axes}
                  member="partner"
                  title={t(m.radarName, { name: partner })}
                  height={240}
                />
              ) : null}
              <dl className={styles.axes}>
                {HEALTH_AXES.map((axis) => {
                  const column = columnOf(figures, axis);
                  if (!column) return null;
                  return (
                    <div key={axis}>
                      <dt>{columnLabel(column, language)}</dt>
                      <dd>
                        <Figure
                          of={figures}
                          row={row.index}
                          column={axis}
                          label={columnLabel(column, language)}
                        />
                      </dd>
                    </div>
                  );
                })}
              </dl>
              <p className={styles.soft}>
                {group ? t(m.peerGroup, { name: group }) : ""} {t(m.coverage)}{" "}
                <Figure of={figures} row={row.index} column="coverage" label={t(m.coverage)} />
              </p>
            </>
          );
        }}
      </ToolView>
    </Panel>
  );
}
