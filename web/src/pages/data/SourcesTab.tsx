import { useQuery } from "@tanstack/react-query";
import { queries } from "@/api/queries";
import { EmptyState } from "@/components/EmptyState";
import { Loading } from "@/components/Loading";
import { useT } from "@/i18n/language";
import { DataFailure } from "./DataFailure";
import { m } from "./messages";
import { SourceCard } from "./SourceCard";
import styles from "./SourceCard.module.css";

export function SourcesTab() {
  const t = useT();
  const status = useQuery(queries.dataStatus());
  if (status.isPending) return <Loading rows={5} />;
  if (status.isError) return <DataFailure error={status.error} onRetry={() => void status.refetch()} />;
  const { sources } = status.data;
  if (sources.length === 0) return <EmptyState title={t(m.nothingTitle)} hint={t(m.nothingHint)} />;
  return (
    <div className={styles.list}>
      {sources.map((source) => (
        <SourceCard key={source.source} source={source} open={sources.length === 1} />
      ))}
    </div>
  );
}
