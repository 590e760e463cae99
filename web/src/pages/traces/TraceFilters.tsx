import { SearchOutlined } from "@ant-design/icons";
import { Button, Input, Select } from "antd";
import { useEffect, useState } from "react";
import type { TraceFilter } from "@/api/types";
import { useT } from "@/i18n/language";
import type { Message } from "@/i18n/message";
import { formatDuration } from "@/lib/format";
import { MIN_DURATIONS_MS, PLANNERS, STATUSES, VERDICTS } from "./filter";
import { m } from "./messages";
import styles from "./TracesPage.module.css";

interface Props {
  filter: TraceFilter;
  onChange: (name: string, value: string) => void;
  /** Given when there is something to clear. */
  onClear?: () => void;
}

/** How long typing must rest before the list is asked for. */
const REST_MS = 300;

export function TraceFilters({ filter, onChange, onClear }: Props) {
  const t = useT();
  const choice = (name: string, label: Message, value: string, any: Message, options: [string, string][]) => (
    <Select
      className={styles.select ?? ""}
      aria-label={t(label)}
      value={value}
      onChange={(chosen: string) => onChange(name, chosen)}
      popupMatchSelectWidth={false}
      options={[{ value: "", label: t(any) }, ...options.map(([key, text]) => ({ value: key, label: text }))]}
    />
  );

  return (
    <search className={styles.filters} aria-label={t(m.filters)}>
      <Sought value={filter.q ?? ""} onChange={(q) => onChange("q", q)} />
      {choice(
        "status",
        m.status,
        filter.status ?? "",
        m.anyStatus,
        STATUSES.map((status) => [status, t(m[status])]),
      )}
      {choice(
        "planner",
        m.planner,
        filter.planner ?? "",
        m.anyPlanner,
        PLANNERS.map((planner) => [planner, t(m[planner])]),
      )}
      {choice(
        "verdict",
        m.verdict,
        filter.verdict ?? "",
        m.anyVerdict,
        VERDICTS.map((verdict) => [verdict, `${t(m.verdict)}: ${t(m[verdict])}`]),
      )}
      {choice(
        "min_ms",
        m.minDuration,
        filter.min_ms ? String(filter.min_ms) : "",
        m.anyDuration,
        MIN_DURATIONS_MS.map((ms) => [String(ms), t(m.atLeast, { duration: formatDuration(ms) })]),
      )}
      {onClear ? (
        <Button type="text" onClick={onClear}>
          {t(m.clear)}
        </Button>
      ) : null}
    </search>
  );
}

/** The search field: what is typed shows at once and is sought when typing rests. */
function Sought({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  const t = useT();
  const [typed, setTyped] = useState(value);
  const [known, setKnown] = useState(value);
  if (known !== value) {
    setKnown(value); // the address changed by itself: by going back, or by clearing
    if (value !== typed.trim()) setTyped(value);
  }
  useEffect(() => {
    if (typed.trim() === value) return;
    const timer = setTimeout(() => onChange(typed.trim()), REST_MS);
    return () => clearTimeout(timer);
  }, [typed, value, onChange]);
  return (
    <Input
      className={styles.search ?? ""}
      allowClear
      prefix={<SearchOutlined aria-hidden />}
      placeholder={t(m.search)}
      aria-label={t(m.search)}
      maxLength={200}
      value={typed}
      onChange={(event) => setTyped(event.target.value)}
    />
  );
}
