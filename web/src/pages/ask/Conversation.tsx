import { DownOutlined } from "@ant-design/icons";
import { useQuery } from "@tanstack/react-query";
import { Button } from "antd";
import { useRef } from "react";
import { useNavigate } from "react-router";
import { ApiError, toProblem } from "@/api/http";
import { queries } from "@/api/queries";
import type { PlannerMode } from "@/api/types";
import { EmptyState } from "@/components/EmptyState";
import { Loading } from "@/components/Loading";
import { ProblemNotice } from "@/components/ProblemNotice";
import { useT } from "@/i18n/language";
import { AnswerTurn, LiveTurn } from "./AnswerTurn";
import { askStore } from "./askStore";
import styles from "./Conversation.module.css";
import { Composer, type ComposerHandle } from "./composer/Composer";
import { m } from "./messages";
import { NotReady, Starter } from "./Starter";
import { useScroll } from "./useScroll";
import type { Thread } from "./useThread";

interface Props {
  thread: Thread;
  id: string | undefined;
}

/** The questions and answers of one conversation, and the place to ask the next. */
export function Conversation({ thread, id }: Props) {
  const t = useT();
  const composer = useRef<ComposerHandle>(null);
  const readiness = useQuery(queries.readiness());
  const notReady = readiness.error instanceof ApiError && readiness.error.problem.status === 503;
  const { answers, turns, running } = thread;
  const empty = answers.length === 0 && turns.length === 0;
  const { box, away, toLatest } = useScroll(id, answers, turns);

  const ask = (question: string, planner?: PlannerMode) => {
    if (running) return;
    thread.ask(question, planner);
    composer.current?.focus();
  };
  const last = turns.length > 0 ? null : answers.at(-1);

  return (
    <div className={styles.conversation}>
      <div className={styles.scroll} ref={box}>
        <div className={styles.column} data-empty={empty}>
          {thread.loading ? <Loading rows={6} /> : null}
          {thread.error ? <CannotOpen error={thread.error} onRetry={thread.reload} /> : null}
          {empty && !id ? notReady ? <NotReady /> : <Starter onAsk={ask} /> : null}
          <div className={styles.turns}>
            {answers.map((answer) => (
              <AnswerTurn
                key={askStore.keyOf(answer.answer_id)}
                answer={answer}
                latest={answer === last}
                onAsk={ask}
                onFeedback={(feedback) => thread.setFeedback(answer, feedback)}
              />
            ))}
            {turns.map((turn) => (
              <LiveTurn key={turn.key} turn={turn} onRecover={() => thread.recover(turn)} />
            ))}
          </div>
        </div>
        <div className={styles.foot}>
          {away ? (
            <Button
              size="small"
              shape="round"
              icon={<DownOutlined aria-hidden />}
              className={styles.latest}
              onClick={toLatest}
            >
              {t(m.toLatest)}
            </Button>
          ) : null}
          <Composer
            ref={composer}
            running={running}
            disabled={notReady}
            followUp={!empty}
            onAsk={ask}
            onStop={thread.stop}
          />
        </div>
      </div>
      <Announcer thread={thread} />
    </div>
  );
}

function CannotOpen({ error, onRetry }: { error: Error; onRetry: () => void }) {
  const t = useT();
  const navigate = useNavigate();
  const problem = toProblem(error);
  if (problem.status !== 404) return <ProblemNotice problem={problem} onRetry={onRetry} />;
  return (
    <EmptyState
      title={t(m.noConversation)}
      hint={t(m.noConversationHint)}
      action={<Button onClick={() => void navigate("/ask")}>{t(m.newConversation)}</Button>}
    />
  );
}

/** Tells a screen reader that work began, and reads the answer once it is complete and verified. */
function Announcer({ thread }: { thread: Thread }) {
  const t = useT();
  const wasRunning = useRef(false);
  const latest = thread.answers.at(-1);
  if (thread.running) wasRunning.current = true;
  const done = wasRunning.current && !thread.running && latest;
  return (
    <div className="ll-visually-hidden" role="status" aria-live="polite">
      {thread.running ? t(m.working) : done ? `${t(m.answered)}. ${latest.text}` : ""}
    </div>
  );
}
