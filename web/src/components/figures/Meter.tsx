import styles from "./Meter.module.css";

type Tone = "primary" | "good" | "warn" | "bad" | "signal" | "soft";

interface MeterProps {
  /** 0 to 1; more is drawn full. */
  value: number | null;
  tone?: Tone;
  /** A mark across the bar: the median, the time that has passed. */
  mark?: number | null;
}

/** How far along a scale; the figure stands beside it, so the bar itself is silent. */
export function Meter({ value, tone = "primary", mark = null }: MeterProps) {
  const share = value === null ? 0 : Math.max(0, Math.min(1, value));
  return (
    <span className={styles.meter} data-tone={tone} aria-hidden="true">
      <span style={{ width: `${share * 100}%` }} />
      {mark === null ? null : <i style={{ left: `${Math.max(0, Math.min(1, mark)) * 100}%` }} />}
    </span>
  );
}
