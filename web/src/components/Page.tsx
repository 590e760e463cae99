import type { ReactNode } from "react";
import styles from "./Page.module.css";

/** Padding and greatest width of an ordinary page; Ask has a layout of its own. */
export function Page({ children, wide = false }: { children: ReactNode; wide?: boolean }) {
  return (
    <div className={styles.page} data-wide={wide}>
      {children}
    </div>
  );
}
