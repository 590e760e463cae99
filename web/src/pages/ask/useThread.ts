import { type QueryClient, useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";
import { useNavigate } from "react-router";
import { api } from "@/api/client";
import { ApiError, localProblem, STREAM_ERROR, UNFINISHED } from "@/api/http";
import { queries } from "@/api/queries";
import type { Answer, Conversation, Feedback, PlannerMode } from "@/api/types";
import { askStore, NEW_THREAD, useTurns } from "./askStore";
import type { Turn } from "./turn";

/** Puts a complete answer at its place in the cached conversation. */
function keepAnswer(client: QueryClient, answer: Answer): void {
  const { queryKey } = queries.conversation(answer.conversation_id);
  client.setQueryData<Conversation>(queryKey, (old) => {
    if (!old) {
      return { conversation_id: answer.conversation_id, title: answer.question, answers: [answer] };
    }
    const others = old.answers.filter((other) => other.answer_id !== answer.answer_id);
    return { ...old, answers: [...others, answer] };
  });
  void client.invalidateQueries({ queryKey: ["conversations"] });
}

const SECOND_MS = 1000;

/** An answer that may still be on its way into the store; null where it is not there after `seconds`. */
async function answerOf(answerId: string, seconds: number): Promise<Answer | null> {
  for (let passed = 0; ; passed += 1) {
    try {
      return await api.answer(answerId);
    } catch (error) {
      if (!(error instanceof ApiError) || error.problem.status !== 404) throw error;
    }
    if (passed >= seconds) return null;
    await new Promise((next) => setTimeout(next, SECOND_MS));
  }
}

export interface Thread {
  answers: Answer[];
  turns: Turn[];
  title: string;
  loading: boolean;
  error: Error | null;
  reload: () => void;
  running: boolean;
  ask: (question: string, planner?: PlannerMode) => void;
  stop: () => void;
  /** Fetches the answer of a broken or stopped turn, or asks again where none was kept. */
  recover: (turn: Turn) => Promise<void>;
  setFeedback: (answer: Answer, feedback: Feedback | null) => void;
}

/** One conversation: answers that the service keeps, and questions on their way. */
export function useThread(conversationId: string | undefined): Thread {
  const thread = conversationId ?? NEW_THREAD;
  const client = useQueryClient();
  const navigate = useNavigate();
  const turns = useTurns(thread);
  const running = turns.some((turn) => turn.state === "running");
  // A conversation that begins right now is not stored yet: asking for it would be a 404.
  const conversation = useQuery({
    ...queries.conversation(thread),
    enabled: thread !== NEW_THREAD && turns.length === 0,
  });

  const ask = useCallback(
    (question: string, planner?: PlannerMode) => {
      // An answer that was not waited for is kept by the service and belongs before the next one.
      const missing = askStore.turns(thread).some((turn) => turn.state !== "running" && turn.answerId);
      void askStore.start({
        thread,
        question,
        ...(planner ? { planner } : {}),
        onConversation: (id) => {
          // Only if the reader is still where the question was asked.
          if (window.location.pathname === "/ask") void navigate(`/ask/${id}`, { replace: true });
        },
        onAnswer: (answer) => {
          keepAnswer(client, answer);
          if (missing) void client.invalidateQueries({ queryKey: ["conversation", thread] });
        },
      });
    },
    [thread, client, navigate],
  );

  const recover = useCallback(
    async (turn: Turn) => {
      // Where the service itself told of a failure there is no answer to wait for.
      const lost = turn.state === "stopped" || turn.problem?.type === STREAM_ERROR;
      if (turn.answerId && lost) {
        // It may not be done yet: asking anew would do it twice.
        const answer = await answerOf(turn.answerId, turn.state === "stopped" ? 30 : 5);
        if (answer) {
          keepAnswer(client, answer);
          askStore.drop(thread, turn.key);
          return;
        }
        if (turn.state === "stopped") throw new ApiError(localProblem(UNFINISHED, "unfinished"));
      }
      askStore.drop(thread, turn.key);
      ask(turn.question);
    },
    [ask, client, thread],
  );

  const setFeedback = useCallback(
    (answer: Answer, feedback: Feedback | null) => keepFeedback(client, answer, feedback),
    [client],
  );

  const live = new Set(turns.map((turn) => turn.answerId));
  const answers = (conversation.data?.answers ?? []).filter((answer) => !live.has(answer.answer_id));
  return {
    answers: thread === NEW_THREAD ? [] : answers,
    turns,
    title: conversation.data?.title ?? turns[0]?.question ?? "",
    loading: conversation.isLoading,
    error: turns.length === 0 ? conversation.error : null,
    reload: () => void conversation.refetch(),
    running,
    ask,
    stop: () => askStore.stop(thread),
    recover,
    setFeedback,
  };
}

function keepFeedback(client: QueryClient, answer: Answer, feedback: Feedback | null): void {
  const { queryKey } = queries.conversation(answer.conversation_id);
  client.setQueryData<Conversation>(queryKey, (old) =>
    old
      ? {
          ...old,
          answers: old.answers.map((other) =>
            other.answer_id === answer.answer_id ? { ...other, feedback } : other,
          ),
        }
      : old,
  );
}
