import { Segmented } from "antd";
import { useState } from "react";
import type { Figures } from "@/api/types";
import { useTool } from "@/api/useTool";
import { Figure } from "@/components/figures/Figure";
import { Note, Panel, ToolView } from "@/components/figures/Panel";
import { Pill } from "@/components/Pill";
import { type RecordColumn, RecordTable } from "@/components/RecordTable";
import { useLanguage } from "@/i18n/language";
import { type Row, rowsOf } from "@/lib/rows";
import styles from "./Forecast.module.css";
import { m } from "./messages";

type Kind = "stockout" | "overstock" | "all";
const SHOWN = 60;

/** What is likely to run out, or lies too long. */
export function StockPanel({ regions }: { regions: string[] }) {
  const { t } = useLanguage();
  const [kind, setKind] = useState<Kind>("all");
  const state = useTool("inventory_risk", { risk: kind, limit: SHOWN });
  return (
    <Panel
      title={t(m.stockTitle)}
      hint={t(m.stockHint)}
      source={state}
      className={styles.left}
      actions={
        <Segmented
          size="small"
          value={kind}
          onChange={setKind}
          aria-label={t(m.riskKind)}
          options={[
            { value: "all", label: t(m.stockAll) },
            { value: "stockout", label: t(m.stockout) },
            { value: "overstock", label: t(m.overstock) },
          ]}
        />
      }
    >
      <ToolView state={state} lines={8} empty={<Note title={t(m.noStock)} />}>
        {(figures) => <Stock figures={figures} regions={regions} />}
      </ToolView>
    </Panel>
  );
}

function Stock({ figures, regions }: { figures: Figures; regions: string[] }) {
  const { language, t } = useLanguage();
  const rows = rowsOf(figures)
    .filter((row) => regions.length === 0 || regions.includes(row.text("region")))
    .slice(0, 10);
  if (rows.length === 0) return <Note title={t(m.noStock)} />;
  const figure = (row: Row, column: string, label: string) => (
    <Figure of={figures} row={row.index} column={column} label={label} tab={column === "on_hand"} />
  );
  const columns: RecordColumn<Row>[] = [
    {
      key: "place",
      title: t(m.warehouse),
      narrow: "head",
      grow: true,
      render: (row) => (
        <>
          <div>{row.text("warehouse") || row.text("product")}</div>
          {row.text("warehouse") ? <div className={styles.soft}>{row.text("product")}</div> : null}
        </>
      ),
    },
    {
      key: "risk",
      title: t(m.risk),
      render: (row) => {
        const over = row.text("risk") === "overstock";
        const column = over ? "overstock_risk" : "stockout_risk";
        return (
          <div className={styles.risk} title={row.words("reasons", language)}>
            <Pill tone={over ? "warn" : "bad"}>
              {row.words("risk", language) || t(over ? m.overstock : m.stockout)}
            </Pill>
            {figure(row, column, t(m.risk))}
          </div>
        );
      },
    },
    {
      key: "onHand",
      title: t(m.onHand),
      numeric: true,
      render: (row) => figure(row, "on_hand", t(m.onHand)),
    },
    {
      key: "reorder",
      title: t(m.reorder),
      numeric: true,
      render: (row) => figure(row, "reorder_point", t(m.reorder)),
    },
    {
      key: "cover",
      title: t(m.cover),
      numeric: true,
      render: (row) => figure(row, "cover_days", t(m.cover)),
    },
  ];
  return (
    <div className={styles.flat}>
      <RecordTable caption={t(m.stockTitle)} columns={columns} rows={rows} rowKey={(row) => row.index} />
    </div>
  );
}
