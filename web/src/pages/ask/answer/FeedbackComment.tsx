import { Button } from "antd";
import { useId, useState } from "react";
import type { Rating } from "@/api/types";
import { GrowingTextArea } from "@/components/GrowingTextArea";
import { useT } from "@/i18n/language";
import { m } from "../messages";
import styles from "./AnswerActions.module.css";

interface Props {
  rating: Rating;
  initial: string;
  busy: boolean;
  onSend: (comment: string) => void;
  onClose: () => void;
}

/** Words to a thumb. The thumb is already stored; this only adds to it. */
export function FeedbackComment({ rating, initial, busy, onSend, onClose }: Props) {
  const t = useT();
  const field = useId();
  const [comment, setComment] = useState(initial);
  return (
    <form
      className={styles.comment}
      onSubmit={(event) => {
        event.preventDefault();
        onSend(comment.trim());
      }}
    >
      <label htmlFor={field}>{t(rating === "up" ? m.feedbackGood : m.feedbackBad)}</label>
      <GrowingTextArea
        id={field}
        autoFocus
        minRows={2}
        maxLength={2000}
        value={comment}
        onChange={(event) => setComment(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === "Escape") onClose();
        }}
      />
      <div className={styles.commentRow}>
        <Button size="small" onClick={onClose}>
          {t(m.feedbackClose)}
        </Button>
        <Button size="small" type="primary" htmlType="submit" loading={busy} disabled={!comment.trim()}>
          {t(m.feedbackSend)}
        </Button>
      </div>
    </form>
  );
}
