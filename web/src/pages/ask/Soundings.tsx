import styles from "./Soundings.module.css";

/** A line let down at each of several places along a channel: the product's picture of itself. */
const DEPTHS = [34, 46, 40, 62, 78, 70, 88, 74, 58, 50, 38];
const STEP = 40;
const LINES = DEPTHS.map((depth, index) => ({ depth, x: 20 + index * STEP }));

export function Soundings() {
  const bed = LINES.map(({ depth, x }) => `${x},${depth + 10}`);
  return (
    <svg className={styles.drawing} viewBox="0 0 440 112" aria-hidden="true" focusable="false">
      <path
        className={styles.surface}
        d="M4 12c18-7 36-7 54 0s36 7 54 0 36-7 54 0 36 7 54 0 36-7 54 0 36 7 54 0 36-7 54 0 36 7 54 0"
      />
      {LINES.map(({ depth, x }) => (
        <g key={x} transform={`translate(${x} 0)`}>
          <path className={styles.line} d={`M0 16V${depth}`} />
          <path className={styles.mark} d={`M-4 ${16 + (depth - 16) / 2}h8`} />
          <path className={styles.weight} d={`M-3 ${depth}h6l1.5 7a2 2 0 0 1-2 2h-5a2 2 0 0 1-2-2z`} />
        </g>
      ))}
      <polyline className={styles.bed} points={bed.join(" ")} />
    </svg>
  );
}
