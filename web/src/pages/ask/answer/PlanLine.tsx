import { useLanguage } from "@/i18n/language";
import type { Message } from "@/i18n/message";
import { formatCount, formatDuration } from "@/lib/format";
import { m } from "../messages";
import type { ToolRun, Turn } from "../turn";
import styles from "./PlanLine.module.css";

/** The service describes a tool in a sentence; those called all the time get a word. */
const SHORT_NAMES: Record<string, Message> = { query: m.toolQuery, concentration: m.toolConcentration };

type State = "waiting" | "done" | "failed" | "note";

/** The plan as it runs, as marks on a line that goes down: reading, each tool call, writing. */
export function PlanLine({ turn }: { turn: Turn }) {
  const { pick, t } = useLanguage();
  const running = turn.state === "running";
  const { plan } = turn;
  const allRun = plan !== null && turn.runs.length > 0 && turn.runs.every((run) => run.result !== null);
  const planned = plan !== null && plan.kind !== "llm";
  const writing = running && !turn.text && (allRun || (planned && plan.steps.length === 0));
  return (
    <ol className={styles.line}>
      {turn.fallback ? <Mark state="note" name={pick(turn.fallback)} /> : null}
      <Mark
        state={plan && (planned || turn.runs.length > 0) ? "done" : running ? "waiting" : "failed"}
        name={plan ? t(plan.planner === "llm" ? m.understoodLlm : m.understoodRules) : t(m.understanding)}
        {...(!turn.text && plan?.reading ? { detail: plan.reading } : {})}
      />
      {turn.runs.map((run) => (
        <RunMark key={run.call} run={run} running={running} />
      ))}
      {writing ? <Mark state="waiting" name={t(m.writing)} /> : null}
    </ol>
  );
}

function RunMark({ run, running }: { run: ToolRun; running: boolean }) {
  const { pick, t } = useLanguage();
  const { result } = run;
  const short = SHORT_NAMES[run.tool];
  const name = short ? t(short) : pick(run.label) || run.tool;
  if (!result) return <Mark state={running ? "waiting" : "failed"} name={name} aside={t(m.toolRunning)} />;
  if (result.error)
    return <Mark state="failed" name={name} aside={t(m.toolFailed, { error: result.error })} />;
  const rows = t(m.toolRows, { n: formatCount(result.rowCount) });
  return <Mark state="done" name={name} aside={`${rows} · ${formatDuration(result.ms)}`} />;
}

interface MarkProps {
  state: State;
  name: string;
  aside?: string;
  detail?: string;
}

function Mark({ state, name, aside, detail }: MarkProps) {
  return (
    <li className={styles.mark} data-state={state}>
      <span>{name}</span>
      {aside ? <span className={styles.aside}>{aside}</span> : null}
      {detail ? <p className={styles.detail}>{detail}</p> : null}
    </li>
  );
}
