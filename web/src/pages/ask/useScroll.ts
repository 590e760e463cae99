import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from "react";
import { useLocation } from "react-router";
import type { Answer } from "@/api/types";
import type { Turn } from "./turn";

/** Air above a turn that was brought to the top. */
const ABOVE_PX = 16;

interface Scroll {
  box: RefObject<HTMLDivElement | null>;
  /** The newest question is more than a screen below: a button leads there. */
  away: boolean;
  toLatest: () => void;
}

/**
 * The newest question goes to the top of the view when it is asked or its conversation is opened,
 * and its answer grows below it: what is being read never moves by itself.
 */
export function useScroll(
  id: string | undefined,
  answers: readonly Answer[],
  turns: readonly Turn[],
): Scroll {
  const box = useRef<HTMLDivElement>(null);
  const [away, setAway] = useState(false);
  const { hash } = useLocation();

  const toLatest = useCallback(() => {
    bring(box.current, box.current?.querySelector("[data-turn]:last-of-type"));
  }, []);

  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const look = () => {
      const latest = element.querySelector("[data-turn]:last-of-type");
      const below = latest ? latest.getBoundingClientRect().top - element.getBoundingClientRect().bottom : -1;
      setAway(below > 0);
    };
    element.addEventListener("scroll", look, { passive: true });
    return () => element.removeEventListener("scroll", look);
  }, []);

  const asked = turns.at(-1)?.key;
  const loaded = answers.length > 0;
  // biome-ignore lint/correctness/useExhaustiveDependencies: these are the triggers
  useLayoutEffect(() => {
    if (asked || loaded) toLatest();
  }, [asked, id, loaded]);

  // A link to one answer wins over the newest.
  const target = hash.slice(1);
  const found = answers.some((answer) => answer.answer_id === target);
  useLayoutEffect(() => {
    if (found) bring(box.current, document.getElementById(target));
  }, [found, target]);

  return { box, away, toLatest };
}

/** Scrolls only `box`: scrollIntoView would move every ancestor that can be moved. */
function bring(box: HTMLElement | null, turn: Element | null | undefined): void {
  if (!box || !turn) return;
  box.scrollTop += turn.getBoundingClientRect().top - box.getBoundingClientRect().top - ABOVE_PX;
}
