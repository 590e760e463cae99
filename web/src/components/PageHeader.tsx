import type { ReactNode } from "react";
import { useDocumentTitle } from "@/lib/useDocumentTitle";
import styles from "./PageHeader.module.css";

interface Props {
  title: string;
  /** One line under the title. */
  description?: ReactNode;
  /** Buttons at the right. */
  actions?: ReactNode;
  /** Tabs or filters below. */
  children?: ReactNode;
}

/** Heading of a page; also names the browser's tab. */
export function PageHeader({ title, description, actions, children }: Props) {
  useDocumentTitle(title);
  return (
    <header className={styles.header}>
      <div className={styles.row}>
        <div className={styles.words}>
          <h1 className={styles.title}>{title}</h1>
          {description ? <p className={styles.description}>{description}</p> : null}
        </div>
        {actions ? <div className={styles.actions}>{actions}</div> : null}
      </div>
      {children}
    </header>
  );
}
