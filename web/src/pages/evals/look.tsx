import type { EvalRun } from "@/api/types";
import { Pill, type Tone } from "@/components/Pill";
import { useT } from "@/i18n/language";
import type { Message } from "@/i18n/message";
import { formatDuration } from "@/lib/format";
import { m } from "./messages";

const VERDICTS: Record<string, { word: Message; tone: Tone }> = {
  right: { word: m.verdictRight, tone: "good" },
  clarified_instead: { word: m.verdictClarified, tone: "warn" },
  refused_instead: { word: m.verdictRefused, tone: "warn" },
  silently_wrong: { word: m.verdictSilent, tone: "bad" },
  wrong_status: { word: m.verdictStatus, tone: "warn" },
  error: { word: m.verdictError, tone: "bad" },
};

export function VerdictPill({ verdict }: { verdict: string }) {
  const t = useT();
  const look = VERDICTS[verdict];
  return <Pill tone={look?.tone ?? "neutral"}>{look ? t(look.word) : verdict}</Pill>;
}

/** Whether a run met the gate, or how far it is. */
export function GatePill({ run }: { run: EvalRun }) {
  const t = useT();
  if (!run.totals) return <Pill>{t(m.running, { n: run.asked })}</Pill>;
  return run.totals.passed ? <Pill tone="good">{t(m.passed)}</Pill> : <Pill tone="bad">{t(m.missed)}</Pill>;
}

const PLANNERS: Record<string, Message> = { rules: m.rules, auto: m.auto, llm: m.llm };

export function usePlannerName(): (run: EvalRun) => string {
  const t = useT();
  return (run) => {
    const known = PLANNERS[run.planner];
    const planner = known ? t(known) : run.planner;
    return run.model ? `${planner} · ${run.model}` : planner;
  };
}

/** What to call a run: its label, else the beginning of its id. */
export function runName(run: EvalRun): string {
  return run.label || run.run_id.slice(0, 8);
}

/** 37 of 40 as 92.5%; 100% only where all are. */
export function percent(part: number, whole: number): string {
  if (whole === 0) return "—";
  const value = Math.floor((part / whole) * 1000) / 10;
  return `${Number.isInteger(value) ? value : value.toFixed(1)}%`;
}

export function durationOrNull(ms: number | null): string | null {
  return ms === null ? null : formatDuration(ms);
}
