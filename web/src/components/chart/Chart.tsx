import { BarChartOutlined, TableOutlined } from "@ant-design/icons";
import { Segmented } from "antd";
import { lazy, type ReactNode, Suspense, useMemo, useState } from "react";
import type { ChartSpec, Table } from "@/api/types";
import { Loading } from "@/components/Loading";
import { ResultTable } from "@/components/ResultTable";
import { useLanguage } from "@/i18n/language";
import { chartData, chartHeight, chartOption } from "@/lib/chartOption";
import { NARROW, useMediaQuery } from "@/lib/useMediaQuery";
import { useTheme } from "@/theme/ThemeProvider";
import { m } from "../messages";
import styles from "./Chart.module.css";

const ChartCanvas = lazy(() => import("./ChartCanvas"));

type View = "chart" | "table";

interface Props {
  spec: ChartSpec;
  table: Table;
  /** What the chart shows, for people who cannot see it. */
  title: string;
}

/** A chart of evidence, with the same figures as a table one key away. */
export function Chart({ spec, table, title }: Props) {
  const { language, t } = useLanguage();
  const { palette } = useTheme();
  const narrow = useMediaQuery(NARROW);
  const still = useMediaQuery("(prefers-reduced-motion: reduce)");
  const [shown, setShown] = useState<View>("chart");
  const data = useMemo(() => chartData(spec, table, language), [spec, table, language]);
  const option = useMemo(
    () => chartOption(spec, data, { palette, language, animate: !still, narrow }),
    [spec, data, palette, language, still, narrow],
  );
  const kind =
    spec.kind === "line" && !data.transposed ? m.kindLine : spec.kind === "pie" ? m.kindPie : m.kindBar;
  const name = t(m.chartName, { title, kind: t(kind), n: data.categories.length });

  return (
    <figure className={styles.chart}>
      <div className={styles.bar}>
        <Segmented
          size="small"
          value={shown}
          onChange={setShown}
          aria-label={`${t(m.chart)} / ${t(m.table)}`}
          options={[
            view("chart", t(m.chart), <BarChartOutlined aria-hidden />, narrow),
            view("table", t(m.table), <TableOutlined aria-hidden />, narrow),
          ]}
        />
      </div>
      {shown === "chart" ? (
        <div role="img" aria-label={name}>
          <Suspense fallback={<Loading rows={6} />}>
            <ChartCanvas option={option} height={chartHeight(spec, data)} />
          </Suspense>
        </div>
      ) : (
        <div className={styles.table}>
          <ResultTable table={table} caption={title} maxHeight={420} />
        </div>
      )}
    </figure>
  );
}

function view(value: View, name: string, icon: ReactNode, narrow: boolean) {
  if (!narrow) return { value, icon, label: name };
  const label = (
    <>
      {icon}
      <span className="ll-visually-hidden">{name}</span>
    </>
  );
  return { value, label, title: name };
}
