import { useSyncExternalStore } from "react";
import { streamAsk } from "@/api/ask";
import { toProblem } from "@/api/http";
import type { Answer, PlannerMode } from "@/api/types";
import { advance, newTurn, type Turn } from "./turn";

/** The thread of a conversation that the service has not named yet. */
export const NEW_THREAD = "";

export interface Start {
  thread: string;
  question: string;
  planner?: PlannerMode;
  /** The service has named the conversation: its turns are now under that name. */
  onConversation: (conversationId: string) => void;
  onAnswer: (answer: Answer) => void;
}

/**
 * Questions on their way, by conversation. Lives outside of the pages, so that an answer goes on
 * arriving while its reader looks at another page. Answers that are complete move to the query cache.
 */
class AskStore {
  private threads = new Map<string, Turn[]>();
  private aborts = new Map<string, AbortController>();
  private keys = new Map<string, string>();
  private listeners = new Set<() => void>();
  private counter = 0;
  private readonly none: Turn[] = [];

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  turns = (thread: string): Turn[] => this.threads.get(thread) ?? this.none;

  /** The key under which an answer was first shown, so that its element survives completion. */
  keyOf(answerId: string): string {
    return this.keys.get(answerId) ?? answerId;
  }

  async start({ thread, question, planner, onConversation, onAnswer }: Start): Promise<void> {
    this.counter += 1;
    const key = `turn-${this.counter}`;
    let place = thread;
    const abort = new AbortController();
    this.aborts.set(key, abort);
    // Failed and stopped turns make room for the next question.
    this.set(place, [
      ...this.turns(place).filter((turn) => turn.state === "running"),
      newTurn(key, question),
    ]);
    try {
      await streamAsk(
        { question, ...(place ? { conversation_id: place } : {}), ...(planner ? { planner } : {}) },
        (event) => {
          if (event.event === "accepted") {
            this.keys.set(event.data.answer_id, key);
            if (place !== event.data.conversation_id) {
              place = this.move(key, place, event.data.conversation_id);
              onConversation(place);
            }
          }
          if (event.event === "answer") {
            this.keys.set(event.data.answer_id, key);
            onAnswer(event.data);
            this.drop(place, key);
          } else {
            this.change(place, key, (turn) => advance(turn, event));
          }
        },
        abort.signal,
      );
    } catch (error) {
      this.change(place, key, (turn) =>
        abort.signal.aborted
          ? { ...turn, state: "stopped" }
          : { ...turn, state: "failed", problem: toProblem(error) },
      );
    } finally {
      this.aborts.delete(key);
    }
  }

  /** Stops waiting; the service finishes the answer and keeps it. */
  stop(thread: string): void {
    for (const turn of this.turns(thread)) this.aborts.get(turn.key)?.abort();
  }

  drop(thread: string, key: string): void {
    this.set(
      thread,
      this.turns(thread).filter((turn) => turn.key !== key),
    );
  }

  private move(key: string, from: string, to: string): string {
    const turn = this.turns(from).find((candidate) => candidate.key === key);
    if (turn) {
      this.threads.set(
        from,
        this.turns(from).filter((candidate) => candidate !== turn),
      );
      this.set(to, [...this.turns(to), turn]);
    }
    return to;
  }

  private change(thread: string, key: string, next: (turn: Turn) => Turn): void {
    this.set(
      thread,
      this.turns(thread).map((turn) => (turn.key === key ? next(turn) : turn)),
    );
  }

  private set(thread: string, turns: Turn[]): void {
    if (turns.length > 0) this.threads.set(thread, turns);
    else this.threads.delete(thread);
    for (const listener of this.listeners) listener();
  }
}

export const askStore = new AskStore();

export function useTurns(thread: string): Turn[] {
  return useSyncExternalStore(askStore.subscribe, () => askStore.turns(thread));
}
