import { createContext, type ReactNode, useContext } from "react";
import { api } from "@/api/client";
import type { Figures, Language } from "@/api/types";
import { useEvidence } from "@/components/evidence/EvidenceProvider";
import { useLanguage } from "@/i18n/language";
import { columnIn, formatBrief, formatCell, formatChange } from "@/lib/format";
import { columnOf } from "@/lib/rows";
import styles from "./Figure.module.css";
import { m } from "./messages";

/** What the figures below belong to: the title of their evidence. */
export const SourceTitle = createContext("");

type Look = "brief" | "change" | "full";
const LOOKS = { brief: formatBrief, change: formatChange, full: formatCell };

/** A cell as a reader reads it. */
export function figureText(of: Figures, row: number, name: string, language: Language, look: Look = "brief") {
  const column = columnOf(of, name);
  if (!column) return "—";
  const cells = of.rows[row];
  return LOOKS[look](cells?.[of.columns.indexOf(column)], columnIn(of, cells, column), language);
}

/** Opens the evidence drawer at a cell of a tool's result, or at the whole of it. */
export function useOpenFigures() {
  const open = useEvidence();
  const title = useContext(SourceTitle);
  return (of: Figures, cell?: { row: number; column: string | null; figure: string }) =>
    open({ citationId: of.id, citation: of, cell, title, keep: () => api.keepFigures(of) });
}

interface Props {
  of: Figures;
  row: number;
  column: string;
  look?: Look;
  /** What the figure says, for a reader who hears it without its surroundings. */
  label?: string;
  /** In place of the figure as it is formatted. */
  children?: ReactNode;
  className?: string | undefined;
  /** Reached by Tab; off where a table holds hundreds and another figure of the row is. */
  tab?: boolean;
}

/** A figure of a page: it opens where it comes from. */
export function Figure({ of, row, column, look = "brief", label, children, className, tab = true }: Props) {
  const { language, t } = useLanguage();
  const open = useOpenFigures();
  const text = figureText(of, row, column, language, look);
  if (text === "—" && children === undefined)
    return (
      <span className={styles.missing} title={t(m.missing)}>
        —
      </span>
    );
  return (
    <button
      type="button"
      className={`${styles.figure} ${className ?? ""}`}
      tabIndex={tab ? undefined : -1}
      aria-label={t(m.openFigure, { what: label ? `${label} ${text}` : text })}
      onClick={(event) => {
        event.stopPropagation();
        open(of, { row, column, figure: text });
      }}
    >
      {children ?? text}
    </button>
  );
}
