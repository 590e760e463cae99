import type { EChartsCoreOption } from "echarts/core";
import type { Language } from "@/api/types";
import { fontFamily, type Palette } from "@/theme/palette";
import { compact } from "../format";

export interface ChartLook {
  palette: Palette;
  language: Language;
  animate: boolean;
  /** On a phone the view switch shows icons only, and the legend gets the room. */
  narrow: boolean;
}

export const label = (palette: Palette) => ({ color: palette.textSoft, fontFamily, fontSize: 12 });

/** What every chart has. Tooltips are drawn on the canvas: HTML ones would need inline styles. */
export function base({ palette, animate }: ChartLook): EChartsCoreOption {
  return {
    animation: animate,
    animationDuration: 350,
    color: [...palette.series],
    textStyle: { fontFamily, color: palette.text },
    aria: { enabled: false }, // the wrapper names the chart and offers the table
  };
}

export function tooltipBox(palette: Palette): Record<string, unknown> {
  return {
    renderMode: "richText",
    confine: true,
    backgroundColor: palette.raised,
    borderColor: palette.line,
    textStyle: { color: palette.text, fontFamily, fontSize: 12 },
  };
}

/** Room is left at the right for the switch between chart and table. */
export function legendRow({ palette, narrow }: ChartLook): EChartsCoreOption {
  return {
    type: "scroll",
    top: 2,
    left: 0,
    right: narrow ? 84 : 132,
    itemWidth: 12,
    itemHeight: 8,
    textStyle: label(palette),
    pageTextStyle: label(palette),
    pageIconColor: palette.textSoft,
    pageIconInactiveColor: palette.lineStrong,
  };
}

export const GRID = {
  left: 4,
  right: 20,
  top: 40,
  bottom: 4,
  outerBoundsMode: "same",
  outerBoundsContain: "axisLabel",
} as const;

export function valueAxis({ palette, language }: ChartLook, ratio: boolean, splits = 4): EChartsCoreOption {
  return {
    type: "value",
    splitNumber: splits,
    axisLabel: {
      ...label(palette),
      hideOverlap: true,
      formatter: (x: number) => (ratio ? `${compact(x * 100, "en")}%` : compact(x, language)),
    },
    splitLine: { lineStyle: { color: palette.line } },
  };
}

export function categoryAxis(
  { palette, narrow }: ChartLook,
  data: readonly string[],
  lying: boolean,
): EChartsCoreOption {
  return {
    type: "category",
    data: [...data],
    inverse: lying,
    axisTick: { show: false },
    axisLine: { lineStyle: { color: palette.lineStrong } },
    axisLabel: {
      ...label(palette),
      hideOverlap: true,
      ...(lying ? { width: narrow ? 112 : 176, overflow: "truncate" } : {}),
    },
  };
}

/** Widths in half-width characters: a Chinese character takes two. */
export function width(text: string): number {
  let total = 0;
  for (const char of text) total += char.charCodeAt(0) > 0x2e80 ? 2 : 1;
  return total;
}

/** Whether names side by side would not fit, so that the bars lie down. */
export function lies(categories: readonly string[]): boolean {
  const longest = Math.max(0, ...categories.map(width));
  return categories.length * Math.max(longest, 6) > 72;
}
