import { ArrowDownOutlined, ArrowUpOutlined, MinusOutlined } from "@ant-design/icons";
import type { Figures } from "@/api/types";
import { useT } from "@/i18n/language";
import { columnOf } from "@/lib/rows";
import styles from "./Change.module.css";
import { Figure } from "./Figure";
import { m } from "./messages";

interface Props {
  of: Figures;
  row: number;
  column: string;
  /** Whether more is better; where it is not, a fall is good. */
  better?: "up" | "down" | "neutral";
  label?: string;
  tab?: boolean;
}

/** A change with an arrow, in the colour of good or bad. */
export function Change({ of, row, column, better = "up", label, tab = true }: Props) {
  const t = useT();
  const at = columnOf(of, column);
  const value = at ? of.rows[row]?.[of.columns.indexOf(at)] : null;
  if (typeof value !== "number") return null;
  const sign = Math.sign(value);
  const tone = sign === 0 || better === "neutral" ? "flat" : sign > 0 === (better === "up") ? "good" : "bad";
  return (
    <span className={styles.change} data-tone={tone}>
      <Arrow sign={sign} />
      <span className="ll-visually-hidden">{t(sign > 0 ? m.up : sign < 0 ? m.down : m.flat)}</span>
      <Figure of={of} row={row} column={column} look="change" tab={tab} {...(label ? { label } : {})} />
    </span>
  );
}

export function Arrow({ sign }: { sign: number }) {
  if (sign > 0) return <ArrowUpOutlined aria-hidden />;
  if (sign < 0) return <ArrowDownOutlined aria-hidden />;
  return <MinusOutlined aria-hidden />;
}
