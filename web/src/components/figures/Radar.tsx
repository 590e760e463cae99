import { lazy, Suspense, useMemo } from "react";
import type { Figures } from "@/api/types";
import { Loading } from "@/components/Loading";
import { useLanguage } from "@/i18n/language";
import { richOption } from "@/lib/charts/rich";
import type { Row } from "@/lib/rows";
import { NARROW, useMediaQuery } from "@/lib/useMediaQuery";
import { useTheme } from "@/theme/ThemeProvider";
import { useOpenFigures } from "./Figure";

const ChartCanvas = lazy(() => import("@/components/chart/ChartCanvas"));

interface Props {
  figures: Figures;
  /** The rows to draw, in the order of their colours. */
  rows: readonly Row[];
  axes: readonly string[];
  /** The column that names a row. */
  member: string;
  /** Says it to those who cannot see it. */
  title: string;
  height?: number;
}

/** A radar of some rows of a result; a click on a shape opens its row. */
export function Radar({ figures, rows, axes, member, title, height = 290 }: Props) {
  const { language } = useLanguage();
  const { palette } = useTheme();
  const narrow = useMediaQuery(NARROW);
  const still = useMediaQuery("(prefers-reduced-motion: reduce)");
  const open = useOpenFigures();
  const option = useMemo(() => {
    const table = { columns: figures.columns, rows: rows.map((row) => figures.rows[row.index] ?? []) };
    const spec = { kind: "radar" as const, citation: 1, x: member, y: [...axes], series: null };
    const look = { palette, language, animate: !still, narrow };
    return { ...richOption(spec, table, look), legend: { show: false } };
  }, [figures, rows, axes, member, palette, language, still, narrow]);
  return (
    <div role="img" aria-label={title}>
      <Suspense fallback={<Loading rows={6} />}>
        <ChartCanvas
          option={option}
          height={height}
          onPick={(_, index) => {
            const row = rows[index];
            if (row) open(figures, { row: row.index, column: member, figure: row.text(member) });
          }}
        />
      </Suspense>
    </div>
  );
}
