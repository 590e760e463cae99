import { CloudDownloadOutlined } from "@ant-design/icons";
import { Button } from "antd";
import { useState } from "react";
import { toProblem } from "@/api/http";
import type { Problem } from "@/api/types";
import { Chart } from "@/components/chart/Chart";
import { useEvidence } from "@/components/evidence/EvidenceProvider";
import { ProblemNotice } from "@/components/ProblemNotice";
import { useT } from "@/i18n/language";
import { m } from "../messages";
import type { Turn } from "../turn";
import { AnswerText } from "./AnswerText";
import styles from "./LiveAnswer.module.css";
import { PlanLine } from "./PlanLine";
import { Reading } from "./Reading";

/** What has arrived of an answer: the plan as it runs, verified text, or why it ended early. */
export function LiveAnswer({ turn, onRecover }: { turn: Turn; onRecover: () => Promise<void> }) {
  const openEvidence = useEvidence();
  const charted = turn.citations.find((citation) => citation.number === turn.chart?.citation);
  return (
    <div className={styles.live}>
      <PlanLine turn={turn} />
      {turn.text ? (
        <>
          <Reading text={turn.plan?.reading ?? ""} />
          <AnswerText text={turn.text} figures={[]} citations={turn.citations} onOpen={openEvidence} />
        </>
      ) : null}
      {turn.chart && charted ? <Chart spec={turn.chart} table={charted} title={turn.question} /> : null}
      <Ending turn={turn} onRecover={onRecover} />
    </div>
  );
}

function Ending({ turn, onRecover }: { turn: Turn; onRecover: () => Promise<void> }) {
  const t = useT();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const recover = async () => {
    setBusy(true);
    setProblem(null);
    try {
      await onRecover();
    } catch (error) {
      setProblem(toProblem(error));
    } finally {
      setBusy(false);
    }
  };
  if (turn.state === "stopped") {
    return (
      <div className={styles.stopped}>
        <p>{t(m.stopped)}</p>
        <Button
          size="small"
          icon={<CloudDownloadOutlined aria-hidden />}
          loading={busy}
          onClick={() => void recover()}
        >
          {t(m.fetchAnswer)}
        </Button>
        {problem ? <ProblemNotice problem={problem} /> : null}
      </div>
    );
  }
  if (turn.state === "failed" && turn.problem) {
    return <ProblemNotice problem={problem ?? turn.problem} onRetry={() => void recover()} />;
  }
  return null;
}
