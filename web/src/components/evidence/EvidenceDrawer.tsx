import { CloseOutlined } from "@ant-design/icons";
import { useQuery } from "@tanstack/react-query";
import { Button, Drawer } from "antd";
import { toProblem } from "@/api/http";
import { queries } from "@/api/queries";
import { useLanguage } from "@/i18n/language";
import { NARROW, useMediaQuery } from "@/lib/useMediaQuery";
import { Loading } from "../Loading";
import { ProblemNotice } from "../ProblemNotice";
import styles from "./Evidence.module.css";
import { EvidenceFacts } from "./EvidenceFacts";
import type { EvidenceRequest } from "./EvidenceProvider";
import { EvidenceRows } from "./EvidenceRows";
import { m } from "./messages";
import { ReplayPanel } from "./ReplayPanel";

interface Props {
  request: EvidenceRequest;
  open: boolean;
  onClose: () => void;
}

/** Everything behind a citation: rows, how they were understood, definitions, snapshot, replay. */
export default function EvidenceDrawer({ request, open, onClose }: Props) {
  const { pick, t } = useLanguage();
  const narrow = useMediaQuery(NARROW);
  const detail = useQuery({ ...queries.citation(request.citationId, request.keep), enabled: open });
  const citation = detail.data ?? request.citation;
  const number = citation?.number ?? Number(request.citationId.split("-").at(-1));
  const title = request.title ? t(m.titleOf, { what: request.title }) : t(m.title, { number });
  const reading = detail.data ? pick(detail.data.reading) : "";

  return (
    <Drawer
      open={open}
      onClose={onClose}
      placement="right"
      size={narrow ? "100%" : 720}
      closable={false}
      title={title}
      extra={<Button type="text" icon={<CloseOutlined />} aria-label={t(m.close)} onClick={onClose} />}
      className={styles.drawer}
    >
      <div className={styles.stack} key={request.citationId}>
        {reading ? (
          <p className={styles.reading}>
            <span>{t(m.reading)}</span> {reading}
          </p>
        ) : null}
        {citation ? <EvidenceRows citation={citation} cell={request.cell} title={reading || title} /> : null}
        {detail.isPending ? <Loading /> : null}
        {detail.isError ? (
          <ProblemNotice problem={toProblem(detail.error)} onRetry={() => void detail.refetch()} />
        ) : null}
        {detail.data ? (
          <>
            <ReplayPanel citationId={request.citationId} />
            <EvidenceFacts detail={detail.data} />
          </>
        ) : null}
      </div>
    </Drawer>
  );
}
