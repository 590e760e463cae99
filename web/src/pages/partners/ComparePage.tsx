import { SwapOutlined } from "@ant-design/icons";
import { Button, Select } from "antd";
import { Fragment, useMemo } from "react";
import { Link } from "react-router";
import type { Figures } from "@/api/types";
import { figuresOf, useTool } from "@/api/useTool";
import { EmptyState } from "@/components/EmptyState";
import { Figure } from "@/components/figures/Figure";
import { FigurePage } from "@/components/figures/FigurePage";
import { Meter } from "@/components/figures/Meter";
import { Panel, ToolView } from "@/components/figures/Panel";
import { PageHeader } from "@/components/PageHeader";
import { useLanguage } from "@/i18n/language";
import { partnerPath } from "@/lib/partners";
import { type Row, rowsOf } from "@/lib/rows";
import { useUrlState } from "@/lib/urlState";
import { CATEGORY_NAMES, percentileTone } from "./kpis";
import { m } from "./messages";
import styles from "./Partners.module.css";

/** Two partners side by side. */
export function Component() {
  const { t } = useLanguage();
  const [search, change] = useUrlState();
  const a = search.get("a") ?? "";
  const b = search.get("b") ?? "";
  const both = a !== "" && b !== "" && a !== b;
  const names = useNames();
  const state = useTool("compare_partners", both ? { first: a, second: b } : null);
  const side = (name: "a" | "b", value: string, label: string) => (
    <Select
      showSearch
      aria-label={label}
      placeholder={label}
      value={value || null}
      onChange={(chosen: string) => change({ [name]: chosen })}
      options={names.map((one) => ({ value: one, label: one }))}
    />
  );
  return (
    <FigurePage>
      <PageHeader title={t(m.compareTitle)} description={t(m.compareDescription)} />
      <div className={styles.sides}>
        {side("a", a, t(m.first))}
        <Button
          icon={<SwapOutlined aria-hidden />}
          aria-label={t(m.swap)}
          onClick={() => change({ a: b, b: a })}
        />
        {side("b", b, t(m.second))}
      </div>
      {both ? (
        <Panel title={`${a} / ${b}`} source={state}>
          <ToolView state={state} lines={12}>
            {(figures) => <Pair key={figures.id} figures={figures} a={a} b={b} />}
          </ToolView>
        </Panel>
      ) : (
        <EmptyState title={t(m.chooseTwo)} hint={t(m.chooseTwoHint)} />
      )}
    </FigurePage>
  );
}

/** All partners that there are to choose from, by their sales. */
function useNames(): string[] {
  const found = figuresOf(useTool("segments", { limit: 5000, everything: true }));
  return useMemo(() => (found ? rowsOf(found).map((row) => row.text("partner")) : []), [found]);
}

function Pair({ figures, a, b }: { figures: Figures; a: string; b: string }) {
  const { language, t } = useLanguage();
  const rows = rowsOf(figures).filter(
    (row) => row.get("first_value") !== null || row.get("second_value") !== null,
  );
  const categories = [...new Set(rows.map((row) => row.text("category")))];
  const wins = (side: string) => rows.filter((row) => row.text("better") === side).length;
  return (
    <>
      <p className={styles.wins}>
        <span>{t(m.wins, { name: a, n: wins("first") })}</span>
        <span>{t(m.wins, { name: b, n: wins("second") })}</span>
      </p>
      <table className={styles.pair}>
        <thead>
          <tr>
            <th scope="col">{t(m.kpi)}</th>
            <th scope="col">
              <Link to={partnerPath(a)}>{a}</Link>
            </th>
            <th scope="col">
              <Link to={partnerPath(b)}>{b}</Link>
            </th>
          </tr>
        </thead>
        <tbody>
          {categories.map((category) => {
            const name = CATEGORY_NAMES[category as keyof typeof CATEGORY_NAMES];
            return (
              <Fragment key={category}>
                <tr className={styles.category}>
                  <th colSpan={3} scope="colgroup">
                    {name ? t(name) : category}
                  </th>
                </tr>
                {rows
                  .filter((row) => row.text("category") === category)
                  .map((row) => (
                    <tr key={row.index}>
                      <th scope="row">{row.words("label", language)}</th>
                      <Side figures={figures} row={row} side="first" />
                      <Side figures={figures} row={row} side="second" />
                    </tr>
                  ))}
              </Fragment>
            );
          })}
        </tbody>
      </table>
    </>
  );
}

function Side({ figures, row, side }: { figures: Figures; row: Row; side: "first" | "second" }) {
  const { language } = useLanguage();
  const percentile = row.number(`${side}_percentile`);
  const better = row.text("better") === side;
  return (
    <td data-better={better}>
      <div>
        <Figure
          of={figures}
          row={row.index}
          column={`${side}_value`}
          label={row.words("label", language)}
          tab={side === "first"}
        />
        {percentile === null ? null : (
          <Meter value={percentile} tone={better ? percentileTone(percentile) : "soft"} mark={0.5} />
        )}
      </div>
    </td>
  );
}
