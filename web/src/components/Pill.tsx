import type { ReactNode } from "react";
import styles from "./Pill.module.css";

export type Tone = "neutral" | "primary" | "good" | "warn" | "bad" | "signal";

interface Props {
  tone?: Tone;
  icon?: ReactNode;
  children: ReactNode;
  title?: string | undefined;
}

/** A word or two about the state of a thing. */
export function Pill({ tone = "neutral", icon, children, title }: Props) {
  return (
    <span className={styles.pill} data-tone={tone} title={title}>
      {icon ? (
        <span aria-hidden="true" className={styles.icon}>
          {icon}
        </span>
      ) : null}
      {children}
    </span>
  );
}
