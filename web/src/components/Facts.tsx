import type { ReactNode } from "react";
import styles from "./Facts.module.css";

export interface Fact {
  label: string;
  value: ReactNode;
  /** A second, quieter line. */
  note?: ReactNode;
}

/** Names and values side by side, as many to a line as fit. `large` makes the values figures. */
export function Facts({ facts, large = false }: { facts: readonly Fact[]; large?: boolean }) {
  return (
    <dl className={styles.facts} data-large={large}>
      {facts.map((fact) => (
        <div key={fact.label} className={styles.fact}>
          <dt>{fact.label}</dt>
          <dd>{fact.value}</dd>
          {fact.note ? <dd className={styles.note}>{fact.note}</dd> : null}
        </div>
      ))}
    </dl>
  );
}
