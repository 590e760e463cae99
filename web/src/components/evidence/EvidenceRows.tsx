import { DownloadOutlined } from "@ant-design/icons";
import { Button } from "antd";
import type { Citation } from "@/api/types";
import { useLanguage } from "@/i18n/language";
import { download, toCsv } from "@/lib/csv";
import { formatCount } from "@/lib/format";
import { ResultTable } from "../ResultTable";
import styles from "./Evidence.module.css";
import type { EvidenceRequest } from "./EvidenceProvider";
import { m } from "./messages";

interface Props {
  citation: Citation;
  cell: EvidenceRequest["cell"];
  title: string;
}

export function EvidenceRows({ citation, cell, title }: Props) {
  const { language, t } = useLanguage();
  const count = citation.truncated
    ? t(m.truncated, { n: citation.rows.length, total: formatCount(citation.row_count) })
    : t(m.rowCount, { n: citation.row_count });
  return (
    <section className={styles.section}>
      <div className={styles.sectionHead}>
        <h3>
          {t(m.rows)} <span className={styles.soft}>{count}</span>
        </h3>
        <Button
          size="small"
          icon={<DownloadOutlined aria-hidden />}
          onClick={() => download(`leadline-${citation.id}.csv`, toCsv(citation, language))}
        >
          {t(m.csv)}
        </Button>
      </div>
      {cell ? (
        <p className={styles.from}>
          <span className={styles.swatch} aria-hidden="true" />
          {t(m.from, { figure: cell.figure })}
        </p>
      ) : null}
      <ResultTable table={citation} caption={title} highlight={cell ?? null} maxHeight={400} />
    </section>
  );
}
