import { useState } from "react";
import { Link } from "react-router";
import type { Figures, ToolArguments } from "@/api/types";
import { figuresOf, useTool } from "@/api/useTool";
import { Figure, figureText, useOpenFigures } from "@/components/figures/Figure";
import { Panel, ToolView } from "@/components/figures/Panel";
import { useLanguage } from "@/i18n/language";
import { areProvinces, GRID_COLUMNS, GRID_ROWS, PROVINCES, provinceOf } from "@/lib/provinces";
import { type Row, rowsOf } from "@/lib/rows";
import { type OverviewFilter, whereOf } from "./filters";
import { heat } from "./heat";
import { m } from "./messages";
import styles from "./Overview.module.css";

const HORIZON = "next_quarter";

/** Forecasts of the next quarter: on a grid of provinces, or on plain tiles where names are others. */
export function ForecastMap({ filter }: { filter: OverviewFilter }) {
  const { t } = useLanguage();
  const where = whereOf(filter);
  const shared: ToolArguments = { metric: "amount", horizon: HORIZON, ...(where ? { where } : {}) };
  const state = useTool("forecast", { ...shared, by: ["territory"], limit: 200 });
  const total = figuresOf(useTool("forecast", { ...shared, by: [], limit: 1 }));
  return (
    <Panel
      title={t(m.forecastTitle)}
      hint={t(m.forecastHint)}
      source={state}
      className={styles.right}
      actions={
        <Link className={styles.more} to="/forecast">
          {t(m.toForecast)}
        </Link>
      }
    >
      <ToolView state={state} lines={10}>
        {(figures) => (
          <>
            {total && total.rows.length > 0 ? <Total figures={total} /> : null}
            <Tiles figures={figures} />
            <Legend />
          </>
        )}
      </ToolView>
    </Panel>
  );
}

function Total({ figures }: { figures: Figures }) {
  const { t } = useLanguage();
  return (
    <dl className={styles.total}>
      <div>
        <dt>{t(m.forecastTotal)}</dt>
        <dd>
          <Figure of={figures} row={0} column="forecast" label={t(m.forecastTotal)} />
        </dd>
      </div>
      <div>
        <dt>{t(m.interval80)}</dt>
        <dd>
          <Figure of={figures} row={0} column="lo80" label={t(m.interval80)} /> –{" "}
          <Figure of={figures} row={0} column="hi80" label={t(m.interval80)} />
        </dd>
      </div>
      <div>
        <dt>{t(m.yoy)}</dt>
        <dd>
          <Figure of={figures} row={0} column="change_rate" look="change" label={t(m.yoy)} />
        </dd>
      </div>
      <div>
        <dt>{t(m.backtest)}</dt>
        <dd>
          <Figure of={figures} row={0} column="backtest_wape" label={t(m.backtest)} />
        </dd>
      </div>
    </dl>
  );
}

function Tiles({ figures }: { figures: Figures }) {
  const rows = rowsOf(figures).filter(
    (row) => row.text("kind") !== "total" && (row.text("territory") || row.number("forecast")),
  );
  const labels = rows.map((row) => row.text("territory"));
  if (!areProvinces(labels)) return <PlainTiles figures={figures} rows={rows} />;
  const known = new Map(rows.map((row) => [provinceOf(row.text("territory"))?.code, row]));
  const others = rows.filter((row) => provinceOf(row.text("territory")) === undefined);
  return (
    <>
      <div className={styles.map} data-columns={GRID_COLUMNS} data-rows={GRID_ROWS}>
        {PROVINCES.map(({ code, name, column, row: line }) => {
          const row = known.get(code);
          const place = { gridColumn: column + 1, gridRow: line + 1 };
          if (!row)
            return (
              <span key={code} className={styles.noTile} style={place} aria-hidden="true">
                {name}
              </span>
            );
          return (
            <div key={code} style={place}>
              <TileOf figures={figures} row={row} name={name} />
            </div>
          );
        })}
      </div>
      {others.length > 0 ? (
        <div className={styles.tiles}>
          {others.map((row) => (
            <TileOf key={row.index} figures={figures} row={row} name={row.text("territory")} wide />
          ))}
        </div>
      ) : null}
    </>
  );
}

/** More tiles than this are folded away; the first are the largest. */
const UNFOLDED = 30;

function PlainTiles({ figures, rows }: { figures: Figures; rows: readonly Row[] }) {
  const { t } = useLanguage();
  const [open, setOpen] = useState(false);
  const rest = rows.length - UNFOLDED;
  return (
    <>
      <div className={styles.tiles}>
        {(open ? rows : rows.slice(0, UNFOLDED)).map((row) => (
          <TileOf key={row.index} figures={figures} row={row} name={row.text("territory")} wide />
        ))}
      </div>
      {rest > 0 ? (
        <button type="button" className={styles.rest} aria-expanded={open} onClick={() => setOpen(!open)}>
          {open ? t(m.showLess) : t(m.showRest, { n: rest })}
        </button>
      ) : null}
    </>
  );
}

function TileOf({
  figures,
  row,
  name,
  wide = false,
}: {
  figures: Figures;
  row: Row;
  name: string;
  wide?: boolean;
}) {
  const { language, t } = useLanguage();
  const open = useOpenFigures();
  const called = name || t(m.noTerritory);
  const rate = row.number("change_rate");
  const change =
    rate === null ? t(m.noChange) : figureText(figures, row.index, "change_rate", language, "change");
  const amount = figureText(figures, row.index, "forecast", language);
  return (
    <button
      type="button"
      className={styles.tile}
      data-heat={heat(rate)}
      title={`${called} · ${amount} · ${change}`}
      onClick={() => open(figures, { row: row.index, column: "forecast", figure: amount })}
    >
      <span className={styles.tileName}>{called}</span>
      {wide ? <span className={styles.tileAmount}>{amount}</span> : null}
      <span className={styles.tileChange}>{wide || rate === null ? change : brief(rate)}</span>
    </button>
  );
}

/** A change in whole percent: a tile on a phone has room for no more. */
function brief(rate: number): string {
  const percent = Math.round(rate * 100);
  return `${percent > 0 ? "+" : ""}${percent}%`;
}

function Legend() {
  const { t } = useLanguage();
  return (
    <p className={styles.legend}>
      {t(m.legendDown)}
      {[-2, -1, 0, 1, 2].map((step) => (
        <span key={step} className={styles.step} data-heat={step} aria-hidden="true" />
      ))}
      {t(m.legendUp)}
    </p>
  );
}
