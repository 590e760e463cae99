import { useT } from "@/i18n/language";
import { m } from "../messages";
import styles from "./Reading.module.css";

/** How the question was understood, with dates: what a careful reader checks first. */
export function Reading({ text }: { text: string }) {
  const t = useT();
  if (!text) return null;
  return (
    <p className={styles.reading}>
      <span className={styles.word}>{t(m.readAs)}</span>
      {text}
    </p>
  );
}
