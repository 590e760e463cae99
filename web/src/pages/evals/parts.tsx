import type { Table } from "@/api/types";
import { ResultTable } from "@/components/ResultTable";
import { useT } from "@/i18n/language";
import type { Message } from "@/i18n/message";
import styles from "./Evals.module.css";
import { m } from "./messages";

/** An answer's text as it is; long ones scroll. */
export function AnswerText({ text, label }: { text: string; label: string }) {
  const t = useT();
  return (
    // biome-ignore lint/a11y/useSemanticElements: no element stands for a group of text
    <div
      role="group"
      className={styles.text}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
      tabIndex={0}
      aria-label={label}
    >
      {text || t(m.noAnswer)}
    </div>
  );
}

interface GroupsProps {
  title: Message;
  /** Name of the group, cases, right ones in one run or in two. */
  rows: readonly { group: string; cases: number; right: readonly number[] }[];
}

/** Cases and the share of right ones by group; with two runs, one column each. */
export function Groups({ title, rows }: GroupsProps) {
  const t = useT();
  const two = (rows[0]?.right.length ?? 1) > 1;
  const label = ({ zh, en }: Message) => ({ zh, en: en as string });
  const share = (name: string) => ({
    name: `share${name}`,
    unit: "ratio" as const,
    label: { zh: `${m.share.zh}${name}`, en: `${m.share.en}${name}` },
  });
  const table: Table = {
    columns: [
      { name: "group", unit: "text", label: label(m.group) },
      { name: "cases", unit: "count", label: label(m.casesCount) },
      ...(two ? [share(" A"), share(" B")] : [share("")]),
    ],
    rows: rows.map((row) => [
      row.group,
      row.cases,
      ...row.right.map((right) => (row.cases > 0 ? right / row.cases : null)),
    ]),
  };
  return (
    <section>
      <h2 className={styles.heading}>{t(title)}</h2>
      <ResultTable table={table} caption={t(title)} maxHeight={320} />
    </section>
  );
}
