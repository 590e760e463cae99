import type { ReactNode } from "react";
import { NavLink } from "react-router";
import styles from "./SectionNav.module.css";

export interface Section {
  path: string;
  label: ReactNode;
  /** How many things need a look there; 0 shows nothing. */
  count?: string | number;
}

/** The sections of a page, each with an address of its own. */
export function SectionNav({ label, sections }: { label: string; sections: readonly Section[] }) {
  return (
    <nav aria-label={label} className={styles.nav}>
      {sections.map((section) => (
        <NavLink key={section.path} to={section.path} end className={styles.link}>
          {section.label}
          {section.count ? <span className={styles.count}>{section.count}</span> : null}
        </NavLink>
      ))}
    </nav>
  );
}
