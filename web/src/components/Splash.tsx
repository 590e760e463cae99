import type { ReactNode } from "react";
import { useT } from "@/i18n/language";
import { Logo } from "./Logo";
import { m } from "./messages";
import styles from "./Splash.module.css";

/** The whole screen while the app finds out who is there, or cannot. */
export function Splash({ children }: { children?: ReactNode }) {
  const t = useT();
  return (
    <main className={styles.splash}>
      <Logo size={44} />
      {children ? <div className={styles.content}>{children}</div> : <p role="status">{t(m.loading)}</p>}
    </main>
  );
}
