import { ArrowUpOutlined } from "@ant-design/icons";
import { Button, Tooltip } from "antd";
import { type KeyboardEvent, type Ref, useEffect, useImperativeHandle, useRef, useState } from "react";
import { useSearchParams } from "react-router";
import type { PlannerMode } from "@/api/types";
import { useSession } from "@/app/session";
import { GrowingTextArea } from "@/components/GrowingTextArea";
import { useT } from "@/i18n/language";
import { NARROW, useMediaQuery } from "@/lib/useMediaQuery";
import { m } from "../messages";
import styles from "./Composer.module.css";
import { PlannerChoice } from "./PlannerChoice";

const LONGEST = 2000;

export interface ComposerHandle {
  focus: () => void;
}

interface Props {
  ref?: Ref<ComposerHandle>;
  running: boolean;
  disabled: boolean;
  /** Words the invitation for a conversation that has begun. */
  followUp: boolean;
  onAsk: (question: string, planner?: PlannerMode) => void;
  onStop: () => void;
}

/** Where the question is written. Enter sends, but not while an input method is composing. */
export function Composer({ ref, running, disabled, followUp, onAsk, onStop }: Props) {
  const t = useT();
  const session = useSession();
  const narrow = useMediaQuery(NARROW);
  const area = useRef<HTMLTextAreaElement>(null);
  // `/ask?q=…` leads here from other pages with a question to look over and send.
  const [search] = useSearchParams();
  const [text, setText] = useState(search.get("q")?.slice(0, LONGEST) ?? "");
  const [planner, setPlanner] = useState<PlannerMode>("auto");
  const question = text.trim();
  const canSend = question !== "" && !running && !disabled;

  useImperativeHandle(ref, () => ({ focus: () => area.current?.focus() }), []);
  // On a phone the keyboard would cover the starting questions.
  useEffect(() => {
    if (!narrow) area.current?.focus();
  }, [narrow]);

  const send = () => {
    if (!canSend) return;
    onAsk(question, planner === "auto" ? undefined : planner);
    setText("");
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== "Enter" || event.shiftKey) return;
    // keyCode 229: Safari ends the composition before it tells of the Enter that ended it.
    if (event.nativeEvent.isComposing || event.nativeEvent.keyCode === 229) return;
    event.preventDefault();
    send();
  };

  return (
    <div className={styles.composer} data-disabled={disabled}>
      <GrowingTextArea
        ref={area}
        className={styles.area}
        maxLength={LONGEST}
        value={text}
        disabled={disabled}
        placeholder={t(followUp ? m.placeholderNext : narrow ? m.placeholderShort : m.placeholder)}
        aria-label={t(m.question)}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={onKeyDown}
      />
      <div className={styles.row}>
        {session.planner.llm ? <PlannerChoice value={planner} onChange={setPlanner} /> : null}
        <span className={styles.note}>
          {text.length > LONGEST - 200 ? t(m.left, { n: LONGEST - text.length }) : narrow ? "" : t(m.keys)}
        </span>
        {running ? (
          <Tooltip title={t(m.stop)}>
            <Button
              shape="circle"
              className={styles.stop}
              icon={<span className={styles.square} />}
              aria-label={t(m.stop)}
              onClick={onStop}
            />
          </Tooltip>
        ) : (
          <Button
            type="primary"
            shape="circle"
            icon={<ArrowUpOutlined />}
            aria-label={t(m.send)}
            disabled={!canSend}
            onClick={send}
          />
        )}
      </div>
    </div>
  );
}
