import type { ReactNode } from "react";
import styles from "./EmptyState.module.css";

interface Props {
  title: string;
  hint?: ReactNode;
  action?: ReactNode;
}

/** Nothing here yet, and what to do about it. */
export function EmptyState({ title, hint, action }: Props) {
  return (
    <div className={styles.empty}>
      <svg width="72" height="56" viewBox="0 0 72 56" aria-hidden="true" className={styles.drawing}>
        <path d="M36 2v30" />
        <path d="M29 9h14M30.5 16h11M32 23h8" className={styles.marks} />
        <path d="M32 32h8l2 8a3 3 0 0 1-3 4h-6a3 3 0 0 1-3-4z" className={styles.weight} />
        <path d="M2 50c8-5 14-5 22 0s16 5 24 0 14-5 22 0" />
      </svg>
      <p className={styles.title}>{title}</p>
      {hint ? <div className={styles.hint}>{hint}</div> : null}
      {action ? <div className={styles.action}>{action}</div> : null}
    </div>
  );
}
