import { useQuery } from "@tanstack/react-query";
import { queries } from "@/api/queries";
import { DateTime } from "@/components/DateTime";
import { Facts } from "@/components/Facts";
import { Loading } from "@/components/Loading";
import { useT } from "@/i18n/language";
import { formatCount } from "@/lib/format";
import styles from "./DataPage.module.css";
import { totalRows } from "./dataText";
import { m } from "./messages";

/** The snapshot in force and what stands behind it; its own failures are told by the tabs. */
export function StatusStrip() {
  const t = useT();
  const status = useQuery(queries.dataStatus());
  if (status.isPending) return <Loading rows={2} />;
  if (status.isError || status.data.sources.length === 0) return null;
  const { snapshot, as_of, published_at, currency, pending, sources } = status.data;
  const held = sources.reduce((sum, source) => sum + totalRows(source.tables), 0);
  const read = sources.reduce((sum, source) => sum + source.rows_read, 0);
  const rejected = sources.reduce((sum, source) => sum + source.rows_rejected, 0);

  return (
    <>
      {pending ? (
        <div className={styles.pending} role="status">
          <strong>{t(m.pendingTitle)}</strong>
          <p>{t(m.pendingHint)}</p>
        </div>
      ) : null}
      <Facts
        large
        facts={[
          { label: t(m.asOf), value: as_of ?? "—" },
          {
            label: t(m.snapshotInForce),
            value: snapshot === null ? "—" : `#${snapshot}`,
            note: <DateTime iso={published_at} />,
          },
          {
            label: t(m.liveRows),
            value: formatCount(held),
            note: t(m.fromSources, { n: sources.length }),
          },
          {
            label: t(m.rejectedRows),
            value: formatCount(rejected),
            note: rejected === 0 ? t(m.noneRejected) : t(m.ofRowsRead, { share: share(rejected, read) }),
          },
          { label: t(m.currency), value: currency ?? t(m.currencyMixed) },
        ]}
      />
    </>
  );
}

/** A share of a whole; never 0.00% for something that is there. */
function share(part: number, whole: number): string {
  if (whole === 0) return "—";
  const percent = (part / whole) * 100;
  return percent < 0.01 ? "< 0.01%" : `${percent.toFixed(percent < 1 ? 2 : 1)}%`;
}
