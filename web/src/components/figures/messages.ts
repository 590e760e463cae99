import { defineMessages } from "@/i18n/message";

export const m = defineMessages({
  openFigure: { zh: "{what}：查看依据", en: "{what}: see the evidence" },
  openSource: { zh: "依据", en: "Evidence" },
  openSourceOf: { zh: "{what}：查看依据", en: "{what}: see the evidence" },
  missing: { zh: "没有数据", en: "No data" },
  computingTitle: { zh: "正在计算", en: "Being computed" },
  computingHint: {
    zh: "这份数据第一次用到，先要算一遍；算好会自动显示，之后立等可取。已用 {n} 秒。",
    en: [
      "These data are used for the first time and have to be computed once; the figures appear by themselves. {n} second so far.",
      "These data are used for the first time and have to be computed once; the figures appear by themselves. {n} seconds so far.",
    ],
  },
  emptyTitle: { zh: "没有可显示的数据", en: "Nothing to show" },
  unfitTitle: { zh: "这份数据算不出来", en: "These data do not carry it" },
  noToolTitle: { zh: "这里没有这项分析", en: "This analysis is not offered here" },
  absentTitle: { zh: "还没有数据", en: "No data yet" },
  absentHint: { zh: "装载并发布数据后，这里会显示结果。", en: "Load and publish data to see figures here." },
  up: { zh: "上升", en: "up" },
  down: { zh: "下降", en: "down" },
  flat: { zh: "持平", en: "flat" },
  percentile: { zh: "优于 {n}% 的同类伙伴", en: "Better than {n}% of its peers" },
});
