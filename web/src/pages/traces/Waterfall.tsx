import { CaretDownFilled, CaretRightFilled, ExclamationCircleFilled } from "@ant-design/icons";
import { type KeyboardEvent, type MouseEvent, useEffect, useId, useRef, useState } from "react";
import { useT } from "@/i18n/language";
import { formatDuration } from "@/lib/format";
import { kindLook, useSpanTitle } from "./look";
import { m } from "./messages";
import { type SpanRow, scaleMarks, traceLength, visibleRows } from "./spans";
import styles from "./Waterfall.module.css";

interface Props {
  rows: readonly SpanRow[];
  /** Of the whole trace, in ms. */
  length: number;
  chosen: string;
  onChoose: (spanId: string, byPointer: boolean) => void;
}

const MARKS = 4;

/** Spans over time, nested: a tree to walk through by arrow keys. */
export function Waterfall({ rows, length: duration, chosen, onChoose }: Props) {
  const t = useT();
  const hint = useId();
  const tree = useRef<HTMLDivElement>(null);
  const travelled = useRef(false);
  const [folded, setFolded] = useState<ReadonlySet<string>>(new Set());
  const visible = visibleRows(rows, folded);
  const length = traceLength(
    rows.map((row) => row.span),
    duration,
  );
  const marks = scaleMarks(length, MARKS);
  // Where the chosen span is folded away, its nearest line above takes the focus.
  const focusable = visible.some((row) => row.span.span_id === chosen) ? chosen : visible[0]?.span.span_id;

  useEffect(() => {
    if (!travelled.current) return;
    travelled.current = false;
    tree.current?.querySelector<HTMLElement>(`[data-span="${CSS.escape(chosen)}"]`)?.focus();
  }, [chosen]);

  const fold = (spanId: string, close: boolean) => {
    const next = new Set(folded);
    if (close) next.add(spanId);
    else next.delete(spanId);
    setFolded(next);
  };
  const travel = (row: SpanRow | undefined) => {
    if (!row) return;
    travelled.current = true;
    onChoose(row.span.span_id, false);
  };

  const onKeyDown = (event: KeyboardEvent) => {
    const at = visible.findIndex((row) => row.span.span_id === focusable);
    const row = visible[at];
    if (!row) return;
    const id = row.span.span_id;
    const open = row.children.length > 0 && !folded.has(id);
    switch (event.key) {
      case "ArrowDown":
        travel(visible[at + 1]);
        break;
      case "ArrowUp":
        travel(visible[at - 1]);
        break;
      case "Home":
        travel(visible[0]);
        break;
      case "End":
        travel(visible.at(-1));
        break;
      case "ArrowRight":
        if (open) travel(visible[at + 1]);
        else if (row.children.length > 0) fold(id, false);
        break;
      case "ArrowLeft":
        if (open) fold(id, true);
        else travel(visible.slice(0, at).findLast((other) => other.depth < row.depth));
        break;
      case "Enter":
      case " ":
        onChoose(id, false);
        break;
      default:
        return;
    }
    event.preventDefault();
  };

  return (
    <div className={styles.waterfall}>
      <div className={styles.scale} aria-hidden="true">
        <span className={styles.marks}>
          {marks.map((mark) => (
            <span
              key={mark}
              className={styles.mark}
              style={{ left: `${(mark / length) * 100}%` }}
              data-last={mark / length > 0.92 || undefined}
            >
              {mark === 0 ? "0" : formatDuration(mark)}
            </span>
          ))}
        </span>
      </div>
      <p id={hint} className="ll-visually-hidden">
        {t(m.waterfallHint)}
      </p>
      <div
        ref={tree}
        role="tree"
        tabIndex={-1}
        aria-label={t(m.waterfall)}
        aria-describedby={hint}
        onKeyDown={onKeyDown}
        className={styles.tree}
      >
        {visible.map((row) => (
          <Line
            key={row.span.span_id}
            row={row}
            length={length}
            marks={marks}
            chosen={row.span.span_id === chosen}
            focusable={row.span.span_id === focusable}
            folded={folded.has(row.span.span_id)}
            onFold={fold}
            onChoose={onChoose}
          />
        ))}
      </div>
    </div>
  );
}

interface LineProps {
  row: SpanRow;
  length: number;
  marks: readonly number[];
  chosen: boolean;
  focusable: boolean;
  folded: boolean;
  onFold: (spanId: string, close: boolean) => void;
  onChoose: (spanId: string, byPointer: boolean) => void;
}

function Line({ row, length, marks, chosen, focusable, folded, onFold, onChoose }: LineProps) {
  const t = useT();
  const titleOf = useSpanTitle();
  const { span, depth, children } = row;
  const look = kindLook[span.kind];
  const failed = span.status === "error";
  const parent = children.length > 0;
  const kind = look ? t(look.word) : span.kind;
  const toggle = (event: MouseEvent) => {
    event.stopPropagation();
    onFold(span.span_id, !folded);
  };

  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: keys are handled by the tree
    <div
      role="treeitem"
      data-span={span.span_id}
      data-kind={span.kind}
      data-failed={failed}
      className={styles.line}
      tabIndex={focusable ? 0 : -1}
      aria-level={depth + 1}
      aria-selected={chosen}
      {...(parent ? { "aria-expanded": !folded } : {})}
      onClick={() => onChoose(span.span_id, true)}
    >
      <span className={styles.name} style={{ paddingLeft: `calc(var(--indent) * ${depth})` }}>
        {parent ? (
          // biome-ignore lint/a11y/noStaticElementInteractions: a shortcut for the mouse; the tree has keys for it
          // biome-ignore lint/a11y/useKeyWithClickEvents: as above
          <span className={styles.fold} title={t(folded ? m.unfold : m.fold)} onClick={toggle}>
            {folded ? <CaretRightFilled aria-hidden /> : <CaretDownFilled aria-hidden />}
          </span>
        ) : (
          <span className={styles.fold} />
        )}
        <span className={styles.icon} aria-hidden="true">
          {failed ? <ExclamationCircleFilled /> : look?.icon}
        </span>
        <span className={styles.title}>{titleOf(span.name)}</span>
        <span className="ll-visually-hidden">
          {failed ? t(m.failedSpan) : ""} {t(m.spanTimes, { kind, start: formatDuration(span.start_ms) })}
        </span>
      </span>
      <span className={styles.track} aria-hidden="true">
        {marks.map((mark) => (
          <span key={mark} className={styles.rule} style={{ left: `${(mark / length) * 100}%` }} />
        ))}
        <span
          className={styles.bar}
          style={{
            left: `min(${(span.start_ms / length) * 100}%, calc(100% - 3px))`,
            width: `max(3px, ${(span.duration_ms / length) * 100}%)`,
          }}
        />
      </span>
      <span className={styles.duration}>{formatDuration(span.duration_ms)}</span>
    </div>
  );
}
