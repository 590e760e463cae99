import {
  CheckOutlined,
  CopyOutlined,
  DislikeFilled,
  DislikeOutlined,
  LikeFilled,
  LikeOutlined,
  LinkOutlined,
  NodeIndexOutlined,
} from "@ant-design/icons";
import { useMutation } from "@tanstack/react-query";
import { Button, Tooltip } from "antd";
import { type ReactNode, useState } from "react";
import { useNavigate } from "react-router";
import { api } from "@/api/client";
import { toProblem } from "@/api/http";
import type { Answer, Feedback, Rating } from "@/api/types";
import { ProblemNotice } from "@/components/ProblemNotice";
import { useT } from "@/i18n/language";
import { copyText } from "@/lib/clipboard";
import { m } from "../messages";
import styles from "./AnswerActions.module.css";
import { FeedbackComment } from "./FeedbackComment";

interface Props {
  answer: Answer;
  onFeedback: (feedback: Feedback | null) => void;
}

/** Judge, copy, link, look behind. */
export function AnswerActions({ answer, onFeedback }: Props) {
  const t = useT();
  const navigate = useNavigate();
  const [commenting, setCommenting] = useState(false);
  const rating = answer.feedback?.rating ?? null;

  const rate = useMutation({
    mutationFn: async (next: { rating: Rating; comment?: string } | null) => {
      if (next) return api.putFeedback(answer.answer_id, next.rating, next.comment);
      await api.deleteFeedback(answer.answer_id);
      return null;
    },
    onSuccess: onFeedback,
  });
  const choose = (next: Rating) => {
    const again = next === rating;
    setCommenting(!again);
    rate.mutate(again ? null : { rating: next });
  };

  return (
    <div className={styles.actions}>
      <div className={styles.row}>
        <Action
          title={t(m.good)}
          icon={rating === "up" ? <LikeFilled /> : <LikeOutlined />}
          pressed={rating === "up"}
          onClick={() => choose("up")}
        />
        <Action
          title={t(m.bad)}
          icon={rating === "down" ? <DislikeFilled /> : <DislikeOutlined />}
          pressed={rating === "down"}
          onClick={() => choose("down")}
        />
        <CopyAction title={t(m.copy)} icon={<CopyOutlined />} text={() => answer.text} />
        <CopyAction title={t(m.link)} icon={<LinkOutlined />} text={() => addressOf(answer)} />
        <Action
          title={t(m.trace)}
          icon={<NodeIndexOutlined />}
          onClick={() => void navigate(`/traces/${answer.trace_id}`)}
        />
      </div>
      {rate.isError ? <ProblemNotice problem={toProblem(rate.error)} /> : null}
      {commenting && rating ? (
        <FeedbackComment
          rating={rating}
          initial={answer.feedback?.comment ?? ""}
          busy={rate.isPending}
          onSend={(comment) => {
            rate.mutate({ rating, comment });
            setCommenting(false);
          }}
          onClose={() => setCommenting(false)}
        />
      ) : null}
      <span className="ll-visually-hidden" role="status">
        {rating && rate.isSuccess ? t(m.feedbackThanks) : ""}
      </span>
    </div>
  );
}

function addressOf(answer: Answer): string {
  return `${window.location.origin}/ask/${answer.conversation_id}#${answer.answer_id}`;
}

interface ActionProps {
  title: string;
  icon: ReactNode;
  pressed?: boolean;
  onClick: () => void;
}

function Action({ title, icon, pressed, onClick }: ActionProps) {
  return (
    <Tooltip title={title}>
      <Button
        type="text"
        size="small"
        icon={icon}
        aria-label={title}
        aria-pressed={pressed}
        className={pressed ? styles.pressed : styles.action}
        onClick={onClick}
      />
    </Tooltip>
  );
}

function CopyAction({ title, icon, text }: { title: string; icon: ReactNode; text: () => string }) {
  const t = useT();
  const [state, setState] = useState<"idle" | "copied" | "failed">("idle");
  const copy = async () => {
    setState((await copyText(text())) ? "copied" : "failed");
    setTimeout(() => setState("idle"), 2000);
  };
  const words = { idle: title, copied: t(m.copied), failed: t(m.copyFailed) }[state];
  return (
    <Action title={words} icon={state === "copied" ? <CheckOutlined /> : icon} onClick={() => void copy()} />
  );
}
