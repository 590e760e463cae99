import { BarChartOutlined, TableOutlined } from "@ant-design/icons";
import { Segmented } from "antd";
import { lazy, type ReactNode, Suspense, useMemo, useState } from "react";
import type { ChartSpec, Table } from "@/api/types";
import { Loading } from "@/components/Loading";
import { ResultTable } from "@/components/ResultTable";
import { useLanguage } from "@/i18n/language";
import { chartData, chartHeight, chartOption } from "@/lib/chartOption";
import type { ChartLook } from "@/lib/charts/look";
import { isRich, richCount, richHeight, richOption } from "@/lib/charts/rich";
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
  const look = useMemo(
    () => ({ palette, language, animate: !still, narrow }),
    [palette, language, still, narrow],
  );
  const { option, height, kind, count } = useMemo(() => drawing(spec, table, look), [spec, table, look]);
  const name = t(m.chartName, { title, kind: t(kind), n: count });

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
            <ChartCanvas option={option} height={height} />
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

const RICH_NAMES = {
  waterfall: m.kindWaterfall,
  radar: m.kindRadar,
  heatmap: m.kindHeatmap,
  band: m.kindBand,
} as const;

function drawing(spec: ChartSpec, table: Table, look: ChartLook) {
  if (isRich(spec.kind)) {
    return {
      option: richOption(spec, table, look),
      height: richHeight(spec, table),
      kind: RICH_NAMES[spec.kind as keyof typeof RICH_NAMES],
      count: richCount(spec, table),
    };
  }
  const data = chartData(spec, table, look.language);
  const line = spec.kind === "line" && !data.transposed;
  return {
    option: chartOption(spec, data, look),
    height: chartHeight(spec, data),
    kind: line ? m.kindLine : spec.kind === "pie" ? m.kindPie : m.kindBar,
    count: data.categories.length,
  };
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
