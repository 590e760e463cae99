import { Popover } from "antd";
import { useState } from "react";
import type { Figures } from "@/api/types";
import { useTool } from "@/api/useTool";
import { Change } from "@/components/figures/Change";
import { Figure } from "@/components/figures/Figure";
import { Meter } from "@/components/figures/Meter";
import { Panel, ToolView } from "@/components/figures/Panel";
import { useLanguage } from "@/i18n/language";
import { formatCount } from "@/lib/format";
import type { Row } from "@/lib/rows";
import styles from "./Kpis.module.css";
import { CATEGORY_NAMES, type KpiGroup, kpiGroups, peers, percentileTone } from "./kpis";
import { m } from "./messages";
import page from "./Partner.module.css";

/** All KPIs of the partner against its peers. */
export function KpiPanel({ partner }: { partner: string }) {
  const { t } = useLanguage();
  const state = useTool("profile", { partner });
  return (
    <Panel title={t(m.kpiTitle)} hint={t(m.kpiHint)} source={state} className={page.whole}>
      <ToolView state={state} lines={14}>
        {(figures) => (
          <div className={styles.groups}>
            {kpiGroups(figures).map((group) => (
              <Group key={group.category} group={group} figures={figures} />
            ))}
          </div>
        )}
      </ToolView>
    </Panel>
  );
}

function Group({ group, figures }: { group: KpiGroup; figures: Figures }) {
  const { language, t } = useLanguage();
  const [open, setOpen] = useState(false);
  const name = CATEGORY_NAMES[group.category as keyof typeof CATEGORY_NAMES];
  return (
    <section className={styles.group}>
      <h3>{name ? t(name) : group.category}</h3>
      <ul>
        {group.known.map((row) => (
          <Kpi key={row.index} row={row} figures={figures} />
        ))}
      </ul>
      {group.missing.length > 0 ? (
        <div className={styles.missing}>
          <button type="button" aria-expanded={open} onClick={() => setOpen(!open)}>
            {t(m.missingOnes, { n: group.missing.length })}
          </button>
          {open ? (
            <dl>
              {group.missing.map((row) => (
                <div key={row.index}>
                  <dt>{row.words("label", language)}</dt>
                  <dd>{row.words("missing", language)}</dd>
                </div>
              ))}
            </dl>
          ) : null}
        </div>
      ) : null}
    </section>
  );
}

function Kpi({ row, figures }: { row: Row; figures: Figures }) {
  const { language, t } = useLanguage();
  const label = row.words("label", language);
  const percentile = row.number("peer_percentile");
  const direction = row.text("direction");
  const better = direction === "up" || direction === "down" ? direction : "neutral";
  return (
    <li className={styles.kpi}>
      <Popover trigger="click" placement="topLeft" content={<Definition row={row} />} title={label}>
        <button type="button" className={styles.label} title={row.words("definition", language)}>
          {label}
        </button>
      </Popover>
      <Figure of={figures} row={row.index} column="value" label={label} className={styles.value} />
      <span className={styles.change}>
        {row.number("change") === null ? null : (
          <Change of={figures} row={row.index} column="change" better={better} label={label} tab={false} />
        )}
      </span>
      <span
        className={styles.peers}
        title={percentile === null ? undefined : t(m.peerRank, { n: peers(percentile) })}
      >
        {percentile === null ? null : (
          <>
            <Meter value={percentile} tone={percentileTone(percentile)} mark={0.5} />
            <span className={styles.median}>
              {t(m.peerMedian)}{" "}
              <Figure of={figures} row={row.index} column="peer_median" label={label} tab={false} />
            </span>
          </>
        )}
      </span>
    </li>
  );
}

function Definition({ row }: { row: Row }) {
  const { language, t } = useLanguage();
  const percentile = row.number("peer_percentile");
  const sample = row.number("sample");
  const notes = [
    percentile === null ? "" : t(m.peerRank, { n: peers(percentile) }),
    sample === null ? "" : t(m.sample, { n: formatCount(sample) }),
    row.text("fresh_as_of") ? t(m.freshAsOf, { date: row.text("fresh_as_of") }) : "",
  ].filter(Boolean);
  return (
    <div className={styles.definition}>
      <p>{row.words("definition", language)}</p>
      <p>{notes.join(" · ")}</p>
    </div>
  );
}
