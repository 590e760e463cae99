import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from "react";
import { useLocation } from "react-router";
import type { Answer } from "@/api/types";
import type { Turn } from "./turn";

const NEAR_END = 120;

interface Scroll {
  box: RefObject<HTMLDivElement | null>;
  /** The reader has left the end: new text does not pull them back, a button does. */
  away: boolean;
  toEnd: () => void;
}

/** Keeps the end of the conversation in sight while it grows, unless the reader scrolled away. */
export function useScroll(
  id: string | undefined,
  answers: readonly Answer[],
  turns: readonly Turn[],
): Scroll {
  const box = useRef<HTMLDivElement>(null);
  const atEnd = useRef(true);
  const [away, setAway] = useState(false);
  const { hash } = useLocation();

  const toEnd = useCallback(() => {
    const element = box.current;
    if (element) element.scrollTop = element.scrollHeight;
  }, []);

  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const look = () => {
      const distance = element.scrollHeight - element.scrollTop - element.clientHeight;
      atEnd.current = distance < NEAR_END;
      setAway(distance > element.clientHeight);
    };
    element.addEventListener("scroll", look, { passive: true });
    // Charts and tables grow after their turn was drawn.
    const observer = new ResizeObserver(() => {
      if (atEnd.current) toEnd();
    });
    if (element.firstElementChild) observer.observe(element.firstElementChild);
    return () => {
      element.removeEventListener("scroll", look);
      observer.disconnect();
    };
  }, [toEnd]);

  // A question of one's own brings the end back into sight; so does opening a conversation.
  const asked = turns.at(-1)?.key;
  // biome-ignore lint/correctness/useExhaustiveDependencies: these are the triggers
  useLayoutEffect(() => {
    atEnd.current = true;
    toEnd();
  }, [asked, id, toEnd]);

  // A link to one answer wins over the end of the conversation.
  const target = hash.slice(1);
  const found = answers.some((answer) => answer.answer_id === target);
  useLayoutEffect(() => {
    if (!found) return;
    atEnd.current = false;
    document.getElementById(target)?.scrollIntoView({ block: "start" });
  }, [found, target]);

  return { box, away, toEnd };
}
