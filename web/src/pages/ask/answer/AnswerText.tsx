import { useMemo, useState } from "react";
import type { Citation, Figure } from "@/api/types";
import type { EvidenceRequest } from "@/components/evidence/EvidenceProvider";
import { useT } from "@/i18n/language";
import { answerBlocks, type Segment } from "@/lib/answerText";
import { m } from "../messages";
import styles from "./AnswerText.module.css";

/** Longer lists are folded: the chart and the evidence hold them in full. */
const FOLD_ABOVE = 14;
const FOLDED = 8;

interface Props {
  text: string;
  figures: readonly Figure[];
  citations: readonly Citation[];
  onOpen: (request: EvidenceRequest) => void;
}

/** The text of an answer: every figure and every citation mark opens where it comes from. */
export function AnswerText({ text, figures, citations, onOpen }: Props) {
  const blocks = useMemo(
    () => answerBlocks(text, figures, new Set(citations.map((citation) => citation.number))),
    [text, figures, citations],
  );
  const line = (segments: readonly Segment[]) =>
    segments.map((segment, index) => (
      // biome-ignore lint/suspicious/noArrayIndexKey: segments of one text never move
      <SegmentView key={index} segment={segment} citations={citations} onOpen={onOpen} />
    ));
  return (
    <div className={styles.text}>
      {blocks.map((block, index) =>
        block.kind === "paragraph" ? (
          // biome-ignore lint/suspicious/noArrayIndexKey: blocks of one text never move
          <p key={index}>{line(block.segments)}</p>
        ) : (
          // biome-ignore lint/suspicious/noArrayIndexKey: blocks of one text never move
          <FoldedList key={index} items={block.items.map(line)} />
        ),
      )}
    </div>
  );
}

function FoldedList({ items }: { items: React.ReactNode[] }) {
  const t = useT();
  const [open, setOpen] = useState(false);
  const folds = items.length > FOLD_ABOVE;
  const shown = folds && !open ? items.slice(0, FOLDED) : items;
  return (
    <>
      <ul>
        {shown.map((item, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: items of one text never move
          <li key={index}>{item}</li>
        ))}
      </ul>
      {folds ? (
        <button type="button" className={styles.fold} aria-expanded={open} onClick={() => setOpen(!open)}>
          {open ? t(m.showLess) : t(m.showAll, { n: items.length })}
        </button>
      ) : null}
    </>
  );
}

interface SegmentProps {
  segment: Segment;
  citations: readonly Citation[];
  onOpen: (request: EvidenceRequest) => void;
}

function SegmentView({ segment, citations, onOpen }: SegmentProps) {
  const t = useT();
  if (segment.kind === "text") return segment.text;
  const number = segment.kind === "citation" ? segment.number : segment.figure.citation;
  const citation = citations.find((candidate) => candidate.number === number);
  if (segment.kind === "citation") {
    return (
      <button
        type="button"
        className={styles.citation}
        aria-label={t(m.showCitation, { number })}
        disabled={!citation}
        onClick={() => citation && onOpen({ citationId: citation.id, citation })}
      >
        {number}
      </button>
    );
  }
  if (!citation) return segment.text;
  const { row, column } = segment.figure;
  return (
    <button
      type="button"
      className={styles.figure}
      aria-label={t(m.showFigure, { figure: segment.text, number })}
      onClick={() =>
        onOpen({ citationId: citation.id, citation, cell: { row, column, figure: segment.text } })
      }
    >
      {segment.text}
    </button>
  );
}
