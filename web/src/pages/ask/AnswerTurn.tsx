import type { Answer, Feedback } from "@/api/types";
import { useT } from "@/i18n/language";
import styles from "./AnswerTurn.module.css";
import { AnswerView } from "./answer/AnswerView";
import { LiveAnswer } from "./answer/LiveAnswer";
import { m } from "./messages";
import type { Turn } from "./turn";

interface AnswerTurnProps {
  answer: Answer;
  /** Only the newest answer offers what to ask next. */
  latest: boolean;
  onAsk: (question: string) => void;
  onFeedback: (feedback: Feedback | null) => void;
}

/** A question and its complete answer. */
export function AnswerTurn({ answer, latest, onAsk, onFeedback }: AnswerTurnProps) {
  return (
    <section id={answer.answer_id} data-turn="" aria-label={answer.question}>
      <Question text={answer.question} />
      <AnswerView answer={answer} latest={latest} onAsk={onAsk} onFeedback={onFeedback} />
    </section>
  );
}

/** A question whose answer is on its way, or did not arrive. */
export function LiveTurn({ turn, onRecover }: { turn: Turn; onRecover: () => Promise<void> }) {
  return (
    <section data-turn="" aria-label={turn.question} aria-busy={turn.state === "running"}>
      <Question text={turn.question} />
      <LiveAnswer turn={turn} onRecover={onRecover} />
    </section>
  );
}

function Question({ text }: { text: string }) {
  const t = useT();
  return (
    <h2 className={styles.question}>
      <span className="ll-visually-hidden">{t(m.you)} </span>
      {text}
    </h2>
  );
}
