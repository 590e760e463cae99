import { lazy, Suspense, useMemo } from "react";
import type { Figures } from "@/api/types";
import { Loading } from "@/components/Loading";
import { useLanguage } from "@/i18n/language";
import { bandSeries } from "@/lib/charts/history";
import { base, categoryAxis, GRID, legendRow, tooltipBox, valueAxis } from "@/lib/charts/look";
import { formatSpoken } from "@/lib/format";
import { columnOf } from "@/lib/rows";
import { NARROW, useMediaQuery } from "@/lib/useMediaQuery";
import { useTheme } from "@/theme/ThemeProvider";
import { figureText, useOpenFigures } from "./Figure";

const ChartCanvas = lazy(() => import("@/components/chart/ChartCanvas"));

interface Props {
  figures: Figures;
  names: { actual: string; forecast: string; inner: string; outer: string };
  title: string;
  height?: number;
}

/** Actuals as a line that goes on as a forecast between its intervals; a click opens the point. */
export function BandChart({ figures, names, title, height = 320 }: Props) {
  const { language } = useLanguage();
  const { palette } = useTheme();
  const narrow = useMediaQuery(NARROW);
  const still = useMediaQuery("(prefers-reduced-motion: reduce)");
  const open = useOpenFigures();
  const option = useMemo(() => {
    const look = { palette, language, animate: !still, narrow };
    const column = columnOf(figures, "value");
    const drawn = bandSeries(figures);
    const told = (value: number | null) => (column ? formatSpoken(value, column, language) : "—");
    const unseen = {
      type: "line",
      symbol: "none",
      silent: true,
      lineStyle: { opacity: 0 },
      stackStrategy: "all",
    };
    const area = (stack: string, low: (number | null)[], span: (number | null)[], opacity: number) => [
      { ...unseen, stack, data: low },
      { ...unseen, stack, data: span, areaStyle: { color: palette.primary, opacity } },
    ];
    return {
      ...base(look),
      legend: { ...legendRow(look), right: 0, data: [names.actual, names.forecast] },
      tooltip: {
        ...tooltipBox(palette),
        trigger: "axis",
        axisPointer: { type: "line", lineStyle: { color: palette.lineStrong } },
        formatter: (hits: { dataIndex: number }[]) => {
          const at = hits[0]?.dataIndex ?? 0;
          const point = drawn.points[at];
          if (!point) return "";
          const range = (low: number | null, high: number | null) => `${told(low)} – ${told(high)}`;
          return [
            drawn.labels[at],
            `${point.forecast ? names.forecast : names.actual}  ${told(point.value)}`,
            ...(point.lo80 === null ? [] : [`${names.inner}  ${range(point.lo80, point.hi80)}`]),
            ...(point.lo95 === null ? [] : [`${names.outer}  ${range(point.lo95, point.hi95)}`]),
          ].join("\n");
        },
      },
      grid: GRID,
      xAxis: { ...categoryAxis(look, drawn.labels, false), boundaryGap: false },
      yAxis: { ...valueAxis(look, column?.unit === "ratio"), scale: true },
      series: [
        {
          name: names.actual,
          type: "line",
          data: drawn.actual,
          color: palette.primary,
          showSymbol: false,
          symbolSize: 6,
          lineStyle: { width: 2 },
          z: 5,
        },
        {
          name: names.forecast,
          type: "line",
          data: drawn.forecast,
          color: palette.signal,
          symbolSize: 7,
          lineStyle: { width: 2, type: "dashed" },
          z: 6,
        },
        ...area("outer", drawn.lo95, drawn.span95, 0.12),
        ...area("inner", drawn.lo80, drawn.span80, 0.2),
      ],
    };
  }, [figures, names, palette, language, still, narrow]);
  return (
    <div role="img" aria-label={title}>
      <Suspense fallback={<Loading rows={6} />}>
        <ChartCanvas
          option={option}
          height={height}
          onPick={(_, index) => {
            const row = bandSeries(figures).points[index]?.row;
            if (row !== undefined)
              open(figures, { row, column: "value", figure: figureText(figures, row, "value", language) });
          }}
        />
      </Suspense>
    </div>
  );
}
