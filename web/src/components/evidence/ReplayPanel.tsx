import { CheckCircleFilled, CloseCircleFilled, RedoOutlined } from "@ant-design/icons";
import { useMutation } from "@tanstack/react-query";
import { Button } from "antd";
import { api } from "@/api/client";
import { toProblem } from "@/api/http";
import { useT } from "@/i18n/language";
import { ProblemNotice } from "../ProblemNotice";
import styles from "./Evidence.module.css";
import { m } from "./messages";

/** Runs the citation again and says whether it still gives the same rows. */
export function ReplayPanel({ citationId }: { citationId: string }) {
  const t = useT();
  const replay = useMutation({ mutationFn: () => api.replay(citationId) });
  return (
    <section className={styles.replay}>
      <div className={styles.sectionHead}>
        <p className={styles.soft}>{t(m.replayHint)}</p>
        <Button
          icon={<RedoOutlined aria-hidden />}
          loading={replay.isPending}
          onClick={() => replay.mutate()}
        >
          {t(m.replay)}
        </Button>
      </div>
      <div aria-live="polite">
        {replay.data ? (
          <div className={styles.verdict} data-equal={replay.data.equal}>
            {replay.data.equal ? <CheckCircleFilled aria-hidden /> : <CloseCircleFilled aria-hidden />}
            <div>
              <p>{t(replay.data.equal ? m.equal : m.unequal)}</p>
              {replay.data.model_changed ? <p>{t(m.modelChanged)}</p> : null}
              {replay.data.equal ? null : (
                <p className={styles.digests}>
                  {t(m.digestThen, { before: replay.data.digest_then, now: replay.data.digest })}
                </p>
              )}
            </div>
          </div>
        ) : null}
      </div>
      {replay.isError ? (
        <ProblemNotice problem={toProblem(replay.error)} onRetry={() => replay.mutate()} />
      ) : null}
    </section>
  );
}
