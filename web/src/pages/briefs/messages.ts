import { defineMessages } from "@/i18n/message";

export const m = defineMessages({
  description: {
    zh: "每位经理每周一份：变化与原因、预测、要行动的伙伴与库存。数字均有出处，存档可核。",
    en: "One per manager and week: what changed and why, what comes, partners and stock to act on. Every figure is cited; the archive can be replayed.",
  },
  make: { zh: "撰写周报", en: "Write a brief" },
  forWhom: { zh: "给谁", en: "For" },
  week: { zh: "周", en: "Week" },
  weekHint: { zh: "如 2026-W43", en: "e.g. 2026-W43" },
  write: { zh: "撰写", en: "Write" },
  writing: {
    zh: "正在撰写，已用 {n} 秒…",
    en: ["Being written, {n} second so far…", "Being written, {n} seconds so far…"],
  },
  manager: { zh: "经理", en: "Manager" },
  everybody: { zh: "所有经理", en: "All managers" },
  days: { zh: "起止", en: "Days" },
  daysOf: { zh: "{from} 至 {to}", en: "{from} to {to}" },
  language: { zh: "语言", en: "Language" },
  zh: { zh: "中文", en: "Chinese" },
  en: { zh: "英文", en: "English" },
  snapshot: { zh: "快照", en: "Snapshot" },
  created: { zh: "存档于", en: "Archived" },
  partial: { zh: "本周未结束", en: "week not over" },
  list: { zh: "已存档的周报", en: "Archived briefs" },
  emptyTitle: { zh: "还没有周报", en: "No brief yet" },
  emptyHint: {
    zh: "在上方选择经理与周，写第一份。",
    en: "Choose a manager and a week above to write the first.",
  },
  more: { zh: "更早的", en: "Earlier ones" },
  pdf: { zh: "下载 PDF", en: "Download PDF" },
  back: { zh: "周报", en: "Briefs" },
  mark: { zh: "查看依据 [{number}]", en: "See evidence [{number}]" },
  figure: { zh: "{figure}：查看依据 [{number}]", en: "{figure}: see evidence [{number}]" },
  openSource: { zh: "查看", en: "Open" },
});
