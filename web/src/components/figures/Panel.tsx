import { ClockCircleOutlined, FileSearchOutlined } from "@ant-design/icons";
import { Button, Tooltip } from "antd";
import { type ReactNode, useId } from "react";
import type { Figures } from "@/api/types";
import { figuresOf, type ToolState } from "@/api/useTool";
import { Loading } from "@/components/Loading";
import { ProblemNotice } from "@/components/ProblemNotice";
import { useT } from "@/i18n/language";
import { SourceTitle, useOpenFigures } from "./Figure";
import { m } from "./messages";
import styles from "./Panel.module.css";

interface PanelProps {
  title: string;
  /** A word on how to read it, under the title. */
  hint?: ReactNode;
  /** Where its figures come from: a button opens it as a whole. */
  source?: ToolState | undefined;
  actions?: ReactNode;
  children: ReactNode;
  className?: string | undefined;
}

/** A titled part of a page whose figures can be looked behind. */
export function Panel({ title, hint, source, actions, children, className }: PanelProps) {
  const id = useId();
  const figures = source ? figuresOf(source) : undefined;
  return (
    <SourceTitle value={title}>
      <section className={`${styles.panel} ${className ?? ""}`} aria-labelledby={id}>
        <header className={styles.head}>
          <div className={styles.words}>
            <h2 id={id}>{title}</h2>
            {hint ? <p>{hint}</p> : null}
          </div>
          {actions}
          {figures ? <SourceButton figures={figures} title={title} /> : null}
        </header>
        <div className={styles.body} data-stale={source?.is === "ready" && source.stale}>
          {children}
        </div>
      </section>
    </SourceTitle>
  );
}

function SourceButton({ figures, title }: { figures: Figures; title: string }) {
  const t = useT();
  const open = useOpenFigures();
  return (
    <Tooltip title={t(m.openSource)}>
      <Button
        type="text"
        size="small"
        className={styles.source ?? ""}
        icon={<FileSearchOutlined aria-hidden />}
        aria-label={t(m.openSourceOf, { what: title })}
        onClick={() => open(figures)}
      />
    </Tooltip>
  );
}

interface ToolViewProps {
  state: ToolState;
  /** Lines of the grey text that stands in while it loads. */
  lines?: number;
  /** In place of a result without rows. */
  empty?: ReactNode;
  children: (figures: Figures) => ReactNode;
}

/** What a tool gave, or why it is not there yet. */
export function ToolView({ state, lines = 4, empty, children }: ToolViewProps) {
  const t = useT();
  switch (state.is) {
    case "waiting":
      return <Loading rows={lines} />;
    case "computing":
      return (
        <Note icon={<ClockCircleOutlined spin={false} aria-hidden />} title={t(m.computingTitle)} live>
          {t(m.computingHint, { n: Math.round(state.seconds) })}
        </Note>
      );
    case "absent":
      if (state.what === "tool") return <Note title={t(m.noToolTitle)} />;
      return <Note title={t(m.absentTitle)}>{t(m.absentHint)}</Note>;
    case "failed":
      if (state.problem.status === 422) return <Note title={t(m.unfitTitle)}>{state.problem.detail}</Note>;
      return <ProblemNotice problem={state.problem} onRetry={state.retry} />;
    case "ready":
      if (state.figures.rows.length === 0) return empty ?? <Note title={t(m.emptyTitle)} />;
      return children(state.figures);
  }
}

interface NoteProps {
  title: string;
  icon?: ReactNode;
  children?: ReactNode;
  live?: boolean;
}

/** A quiet word in a panel that has no figures to show. */
export function Note({ title, icon, children, live = false }: NoteProps) {
  return (
    <div className={styles.note} role={live ? "status" : undefined}>
      <p className={styles.noteTitle}>
        {icon} {title}
      </p>
      {children ? <p>{children}</p> : null}
      {live ? <div className={styles.progress} /> : null}
    </div>
  );
}
