import { CompassOutlined, StopOutlined } from "@ant-design/icons";
import type { Answer, Feedback } from "@/api/types";
import { Chart } from "@/components/chart/Chart";
import { useEvidence } from "@/components/evidence/EvidenceProvider";
import { useT } from "@/i18n/language";
import { m } from "../messages";
import { AnswerActions } from "./AnswerActions";
import { AnswerMeta } from "./AnswerMeta";
import { AnswerText } from "./AnswerText";
import styles from "./AnswerView.module.css";
import { Reading } from "./Reading";
import { TrustLabel } from "./TrustLabel";

interface Props {
  answer: Answer;
  latest: boolean;
  onAsk: (question: string) => void;
  onFeedback: (feedback: Feedback | null) => void;
}

/** A complete answer: how it was read, its text and chart, where it comes from, what to do next. */
export function AnswerView({ answer, latest, onAsk, onFeedback }: Props) {
  const t = useT();
  const openEvidence = useEvidence();
  const charted = answer.chart
    ? answer.citations.find((citation) => citation.number === answer.chart?.citation)
    : undefined;

  return (
    <article className={styles.answer} data-status={answer.status}>
      <header className={styles.head}>
        <Standing answer={answer} />
        {answer.planning?.fallback_text ? <Fallback answer={answer} /> : null}
      </header>
      <Reading text={answer.reading} />
      <AnswerText
        text={answer.text}
        figures={answer.figures}
        citations={answer.citations}
        onOpen={openEvidence}
      />
      {answer.chart && charted ? (
        <Chart spec={answer.chart} table={charted} title={answer.reading || answer.question} />
      ) : null}
      {answer.options.length > 0 ? (
        <Choices
          title={answer.status === "clarify" ? t(m.clarify) : t(m.instead)}
          items={answer.options}
          onAsk={onAsk}
        />
      ) : null}
      <AnswerMeta answer={answer} />
      <AnswerActions answer={answer} onFeedback={onFeedback} />
      {latest && answer.followups.length > 0 ? (
        <Followups questions={answer.followups} onAsk={onAsk} />
      ) : null}
    </article>
  );
}

function Standing({ answer }: { answer: Answer }) {
  const t = useT();
  if (answer.status === "answered") return <TrustLabel label={answer.label} />;
  const clarify = answer.status === "clarify";
  return (
    <span className={styles.standing} data-status={answer.status}>
      {clarify ? <CompassOutlined aria-hidden /> : <StopOutlined aria-hidden />}
      {t(clarify ? m.clarify : m.refused)}
    </span>
  );
}

function Fallback({ answer }: { answer: Answer }) {
  const text = answer.planning?.fallback_text;
  return text ? <span className={styles.fallback}>{text[answer.language]}</span> : null;
}

interface ChoicesProps {
  title: string;
  items: Answer["options"];
  onAsk: (question: string) => void;
}

function Choices({ title, items, onAsk }: ChoicesProps) {
  return (
    <ul className={styles.choices} aria-label={title}>
      {items.map(({ label, question }) => (
        <li key={question}>
          <button type="button" onClick={() => onAsk(question)}>
            {label}
          </button>
        </li>
      ))}
    </ul>
  );
}

function Followups({ questions, onAsk }: { questions: string[]; onAsk: (question: string) => void }) {
  const t = useT();
  return (
    <div className={styles.followups}>
      <span id="followups" className={styles.followupsTitle}>
        {t(m.followups)}
      </span>
      <ul aria-labelledby="followups">
        {questions.map((question) => (
          <li key={question}>
            <button type="button" onClick={() => onAsk(question)}>
              {question}
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}
