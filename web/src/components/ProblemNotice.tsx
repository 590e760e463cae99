import { ReloadOutlined, WarningOutlined } from "@ant-design/icons";
import { Button } from "antd";
import { NETWORK_ERROR, STREAM_ERROR, UNFINISHED } from "@/api/http";
import type { Problem } from "@/api/types";
import { type Translate, useT } from "@/i18n/language";
import type { Message } from "@/i18n/message";
import { m } from "./messages";
import styles from "./ProblemNotice.module.css";

interface Props {
  problem: Problem;
  onRetry?: (() => void) | undefined;
}

/** An error of the service, or of the way to it: what, how to mend it, and a retry where that can help. */
export function ProblemNotice({ problem, onRetry }: Props) {
  const t = useT();
  const { title, detail, hint } = words(problem, t);
  return (
    <div className={styles.notice} role="alert">
      <WarningOutlined className={styles.icon} aria-hidden />
      <div className={styles.words}>
        <p className={styles.title}>{title}</p>
        {detail ? <p>{detail}</p> : null}
        {hint ? <p className={styles.hint}>{hint}</p> : null}
        {problem.trace_id ? <p className={styles.trace}>{t(m.traceId, { id: problem.trace_id })}</p> : null}
        {onRetry ? (
          <Button
            size="small"
            icon={<ReloadOutlined aria-hidden />}
            onClick={onRetry}
            className={styles.retry}
          >
            {t(m.retry)}
          </Button>
        ) : null}
      </div>
    </div>
  );
}

/** What readers meet in a good day's work, in their own language; the rest is as the service says it. */
const KNOWN: Record<string, { title: Message; hint: Message }> = {
  "urn:leadline:error:busy-error": { title: m.busyTitle, hint: m.busyHint },
  "urn:leadline:error:too-often-error": { title: m.tooOftenTitle, hint: m.tooOftenHint },
  "urn:leadline:error:sign-in-error": { title: m.signedOutTitle, hint: m.signedOutHint },
  "urn:leadline:error:not-found-error": { title: m.notFoundTitle, hint: m.notFoundHint },
};

function words(problem: Problem, t: Translate): { title: string; detail: string; hint: string } {
  if (problem.type === NETWORK_ERROR) return { title: t(m.networkTitle), detail: "", hint: t(m.networkHint) };
  if (problem.type === UNFINISHED)
    return { title: t(m.unfinishedTitle), detail: "", hint: t(m.unfinishedHint) };
  if (problem.type === STREAM_ERROR) return { title: t(m.streamTitle), detail: "", hint: t(m.streamHint) };
  if (problem.status === 0) return { title: t(m.unexpectedTitle), detail: problem.title, hint: "" };
  const known = KNOWN[problem.type];
  if (known) return { title: t(known.title), detail: "", hint: t(known.hint) };
  return {
    title: problem.title || t(m.errorNumber, { status: problem.status }),
    detail: problem.detail,
    hint: problem.hint ?? "",
  };
}
