import { type QueryClient, useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";
import { useNavigate } from "react-router";
import { api } from "@/api/client";
import { ApiError } from "@/api/http";
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
      if (turn.answerId) {
        try {
          const answer = await api.answer(turn.answerId);
          keepAnswer(client, answer);
          askStore.drop(thread, turn.key);
          return;
        } catch (error) {
          if (!(error instanceof ApiError)) throw error;
          // Not kept: ask anew.
        }
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
