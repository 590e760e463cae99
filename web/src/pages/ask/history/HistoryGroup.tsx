import { useId } from "react";
import { NavLink } from "react-router";
import type { ConversationItem } from "@/api/types";
import { DateTime } from "@/components/DateTime";
import { useT } from "@/i18n/language";
import { m } from "../messages";
import styles from "./History.module.css";

interface Props {
  title: string;
  items: readonly ConversationItem[];
  current: string | undefined;
  onPick?: (() => void) | undefined;
}

export function HistoryGroup({ title, items, current, onPick }: Props) {
  const t = useT();
  const heading = useId();
  return (
    <section className={styles.group}>
      <h2 id={heading}>{title}</h2>
      <ul aria-labelledby={heading}>
        {items.map((item) => (
          <li key={item.conversation_id}>
            <NavLink
              to={`/ask/${item.conversation_id}`}
              className={styles.item}
              aria-current={item.conversation_id === current ? "page" : undefined}
              onClick={onPick}
            >
              <span className={styles.title}>{item.title}</span>
              <span className={styles.when}>
                <DateTime iso={item.updated_at} short />
                <span>{t(m.turns, { n: item.answers })}</span>
              </span>
            </NavLink>
          </li>
        ))}
      </ul>
    </section>
  );
}
