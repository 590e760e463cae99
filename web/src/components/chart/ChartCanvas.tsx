import { BarChart, CustomChart, HeatmapChart, LineChart, PieChart, RadarChart } from "echarts/charts";
import {
  GridComponent,
  LegendComponent,
  RadarComponent,
  TooltipComponent,
  VisualMapContinuousComponent,
} from "echarts/components";
import { type EChartsCoreOption, init, use } from "echarts/core";
import { CanvasRenderer } from "echarts/renderers";
import { useEffect, useRef } from "react";

use([
  BarChart,
  CustomChart,
  HeatmapChart,
  LineChart,
  PieChart,
  RadarChart,
  GridComponent,
  LegendComponent,
  RadarComponent,
  TooltipComponent,
  VisualMapContinuousComponent,
  CanvasRenderer,
]);

interface Props {
  option: EChartsCoreOption;
  height: number;
  /** Told which point was chosen, by its series and its place in it. */
  onPick?: ((series: number, index: number) => void) | undefined;
}

/** ECharts on a canvas that follows its box. Only ever loaded as a chunk of its own, by Chart. */
export default function ChartCanvas({ option, height, onPick }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const chart = useRef<ReturnType<typeof init> | null>(null);

  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const made = init(element, null, { renderer: "canvas" });
    chart.current = made;
    const observer = new ResizeObserver(() => made.resize());
    observer.observe(element);
    return () => {
      observer.disconnect();
      made.dispose();
      chart.current = null;
    };
  }, []);

  useEffect(() => {
    chart.current?.setOption(option, { notMerge: true });
  }, [option]);

  const pick = useRef(onPick);
  pick.current = onPick;
  useEffect(() => {
    const made = chart.current;
    const choose = (hit: { seriesIndex?: number; dataIndex?: number }) =>
      pick.current?.(hit.seriesIndex ?? 0, hit.dataIndex ?? 0);
    made?.on("click", choose as () => void);
    return () => {
      if (!made?.isDisposed()) made?.off("click", choose as () => void);
    };
  }, []);

  return <div ref={box} style={{ height }} aria-hidden="true" />;
}
