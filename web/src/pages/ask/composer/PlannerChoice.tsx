import { Select } from "antd";
import type { PlannerMode } from "@/api/types";
import { useT } from "@/i18n/language";
import { m } from "../messages";

interface Props {
  value: PlannerMode;
  onChange: (mode: PlannerMode) => void;
}

/** Who reads the question; only where a language model is connected. */
export function PlannerChoice({ value, onChange }: Props) {
  const t = useT();
  return (
    <Select<PlannerMode>
      size="small"
      variant="filled"
      value={value}
      onChange={onChange}
      aria-label={t(m.planner)}
      popupMatchSelectWidth={false}
      options={[
        { value: "auto", label: t(m.plannerAuto) },
        { value: "rules", label: t(m.plannerRules) },
        { value: "llm", label: t(m.plannerLlm) },
      ]}
    />
  );
}
