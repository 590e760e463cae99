import type { PlannerMode } from "@/api/types";
import { useT } from "@/i18n/language";
import { m } from "../messages";
import styles from "./PlannerChoice.module.css";

interface Props {
  value: PlannerMode;
  onChange: (mode: PlannerMode) => void;
}

/** Who reads the question; only where a language model is connected. */
export function PlannerChoice({ value, onChange }: Props) {
  const t = useT();
  return (
    <select
      className={styles.choice}
      value={value}
      aria-label={t(m.planner)}
      onChange={(event) => onChange(event.target.value as PlannerMode)}
    >
      <option value="auto">{t(m.plannerAuto)}</option>
      <option value="rules">{t(m.plannerRules)}</option>
      <option value="llm">{t(m.plannerLlm)}</option>
    </select>
  );
}
