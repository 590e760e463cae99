import { createElement } from "react";
import styles from "./Briefs.module.css";
import type { Shape } from "./briefTree";

/** The print colours of a brief's charts in the theme of the page. */
const COLOURS: Record<string, string> = {
  "#3b6ea5": "var(--ll-primary)",
  "#2f7d4f": "var(--ll-good)",
  "#b4442e": "var(--ll-bad)",
  "#9dbbdc": "color-mix(in srgb, var(--ll-primary) 32%, transparent)",
  "#d3e1f0": "color-mix(in srgb, var(--ll-primary) 16%, transparent)",
};
const NAMES: Record<string, string> = {
  "stroke-width": "strokeWidth",
  "stroke-dasharray": "strokeDasharray",
  "text-anchor": "textAnchor",
};

/** A chart of a brief, drawn anew from its shapes. */
export function BriefChart({ shape, caption }: { shape: Shape; caption: string }) {
  return (
    <figure className={styles.chart}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
      <div role="img" aria-label={caption} tabIndex={0}>
        {drawn(shape, 0)}
      </div>
      <figcaption>{caption}</figcaption>
    </figure>
  );
}

function drawn(shape: Shape, key: number): React.ReactNode {
  const attributes = Object.fromEntries(
    Object.entries(shape.attributes).map(([name, value]) => [NAMES[name] ?? name, COLOURS[value] ?? value]),
  );
  return createElement(
    shape.tag,
    { ...attributes, key, ...(shape.tag === "svg" ? { "aria-hidden": true } : {}) },
    ...(shape.text ? [shape.text] : shape.children.map(drawn)),
  );
}
