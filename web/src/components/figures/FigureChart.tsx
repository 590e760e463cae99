import { lazy, Suspense, useMemo } from "react";
import type { Column, Figures } from "@/api/types";
import { Loading } from "@/components/Loading";
import { useLanguage } from "@/i18n/language";
import { base, categoryAxis, GRID, label, legendRow, tooltipBox, valueAxis } from "@/lib/charts/look";
import { columnLabel, formatSpoken } from "@/lib/format";
import { NARROW, useMediaQuery } from "@/lib/useMediaQuery";
import { useTheme } from "@/theme/ThemeProvider";
import { figureText, useOpenFigures } from "./Figure";

const ChartCanvas = lazy(() => import("@/components/chart/ChartCanvas"));

interface Props {
  figures: Figures;
  x: string;
  bars: readonly string[];
  lines: readonly string[];
  title: string;
  height?: number;
}

/** Columns of a result over time, as bars and lines; a click on one opens its cell. */
export function FigureChart({ figures, x, bars, lines, title, height = 270 }: Props) {
  const { language } = useLanguage();
  const { palette } = useTheme();
  const narrow = useMediaQuery(NARROW);
  const still = useMediaQuery("(prefers-reduced-motion: reduce)");
  const open = useOpenFigures();
  const names = useMemo(() => [...bars, ...lines], [bars, lines]);
  const option = useMemo(() => {
    const look = { palette, language, animate: !still, narrow };
    const at = (name: string) => figures.columns.findIndex((column) => column.name === name);
    const columns = names.map((name) => figures.columns[at(name)] as Column);
    const periods = figures.rows.map((row) => String(row[at(x)] ?? ""));
    const colours = [palette.primary, palette.series[2], palette.series[4]];
    return {
      ...base(look),
      legend: { ...legendRow(look), right: 0 },
      tooltip: {
        ...tooltipBox(palette),
        trigger: "axis",
        axisPointer: { type: "shadow", shadowStyle: { color: palette.lineStrong, opacity: 0.22 } },
        formatter: (hits: { dataIndex: number }[]) => {
          const row = figures.rows[hits[0]?.dataIndex ?? 0];
          const told = columns.map(
            (column, index) =>
              `${columnLabel(column, language)}  ${formatSpoken(row?.[at(names[index] ?? "")], column, language)}`,
          );
          return [row?.[at(x)] ?? "", ...told].join("\n");
        },
      },
      grid: { ...GRID, top: 36 },
      xAxis: categoryAxis(look, periods, false),
      yAxis: {
        ...valueAxis(look, columns[0]?.unit === "ratio"),
        axisLabel: {
          ...(valueAxis(look, columns[0]?.unit === "ratio").axisLabel as object),
          ...label(palette),
        },
      },
      series: names.map((name, index) => ({
        name: columnLabel(columns[index] as Column, language),
        data: figures.rows.map((row) => (typeof row[at(name)] === "number" ? row[at(name)] : null)),
        color: colours[index] ?? palette.primary,
        ...(index < bars.length
          ? { type: "bar", barMaxWidth: 28, itemStyle: { borderRadius: [3, 3, 0, 0] } }
          : { type: "line", symbolSize: 5, showSymbol: false, lineStyle: { width: 2 } }),
      })),
    };
  }, [figures, x, names, bars.length, palette, language, still, narrow]);
  return (
    <div role="img" aria-label={title}>
      <Suspense fallback={<Loading rows={6} />}>
        <ChartCanvas
          option={option}
          height={height}
          onPick={(series, row) => {
            const column = names[series] ?? names[0] ?? x;
            open(figures, { row, column, figure: figureText(figures, row, column, language) });
          }}
        />
      </Suspense>
    </div>
  );
}
