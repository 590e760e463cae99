import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { queries } from "@/api/queries";
import type { SnapshotItem } from "@/api/types";
import { Chart } from "@/components/chart/Chart";
import { DateTime } from "@/components/DateTime";
import { EmptyState } from "@/components/EmptyState";
import { Loading } from "@/components/Loading";
import { Pill } from "@/components/Pill";
import { type RecordColumn, RecordTable } from "@/components/RecordTable";
import { useLanguage } from "@/i18n/language";
import { formatBytes, formatCount } from "@/lib/format";
import { DataFailure } from "./DataFailure";
import styles from "./DataPage.module.css";
import { growthTable, tableChanges, tableName, totalRows } from "./dataText";
import { m } from "./messages";
import snapshotStyles from "./SnapshotsTab.module.css";

const GROWTH = {
  kind: "stacked_bar",
  citation: 0,
  x: "snapshot",
  y: ["rows"],
  series: "table",
} as const;

/** The published snapshots and how the data grew from one to the next. */
export function SnapshotsTab() {
  const { language, t } = useLanguage();
  const snapshots = useQuery(queries.snapshots());
  const items = useMemo(
    () => [...(snapshots.data?.items ?? [])].sort((a, b) => b.number - a.number),
    [snapshots.data],
  );
  const growth = useMemo(() => growthTable(items, language), [items, language]);
  const columns = useSnapshotColumns(items);

  if (snapshots.isPending) return <Loading rows={8} />;
  if (snapshots.isError)
    return <DataFailure error={snapshots.error} onRetry={() => void snapshots.refetch()} />;
  if (items.length === 0) return <EmptyState title={t(m.nothingTitle)} hint={t(m.nothingHint)} />;

  return (
    <>
      <p className={styles.hint}>{t(m.snapshotsHint)}</p>
      {items.length > 1 ? (
        <section className={snapshotStyles.growth} aria-label={t(m.growth)}>
          <h2 className={snapshotStyles.heading}>{t(m.growth)}</h2>
          <Chart spec={{ ...GROWTH, y: [...GROWTH.y] }} table={growth} title={t(m.growth)} />
        </section>
      ) : null}
      <RecordTable
        caption={t(m.snapshots)}
        columns={columns}
        rows={items}
        rowKey={(snapshot) => snapshot.number}
      />
    </>
  );
}

function useSnapshotColumns(items: readonly SnapshotItem[]): RecordColumn<SnapshotItem>[] {
  const { t } = useLanguage();
  const before = new Map(items.map((item, at) => [item.number, items[at + 1]]));
  return [
    {
      key: "number",
      title: t(m.number),
      narrow: "head",
      render: (snapshot) => (
        <span className={snapshotStyles.number}>
          <strong>#{snapshot.number}</strong>
          {snapshot.current ? <Pill tone="good">{t(m.current)}</Pill> : null}
        </span>
      ),
    },
    { key: "asOf", title: t(m.asOf), together: true, render: (snapshot) => snapshot.as_of ?? "—" },
    {
      key: "created",
      title: t(m.created),
      together: true,
      render: (snapshot) => <DateTime iso={snapshot.created_at} />,
    },
    {
      key: "rows",
      title: t(m.rows),
      numeric: true,
      render: (snapshot) => formatCount(totalRows(snapshot.tables)),
    },
    {
      key: "change",
      title: t(m.change),
      grow: true,
      render: (snapshot) => <Change now={snapshot} before={before.get(snapshot.number)} />,
    },
    {
      key: "tables",
      title: t(m.tables),
      numeric: true,
      render: (snapshot) => formatCount(Object.keys(snapshot.tables).length),
    },
    { key: "size", title: t(m.size), numeric: true, render: (snapshot) => formatBytes(snapshot.bytes) },
  ];
}

function Change({ now, before }: { now: SnapshotItem; before: SnapshotItem | undefined }) {
  const { language, t } = useLanguage();
  if (!before) return <span className={styles.soft}>{t(m.firstOne)}</span>;
  const changes = tableChanges(now, before);
  if (changes.length === 0) return <span className={styles.soft}>{t(m.noChange)}</span>;
  return (
    <details className={snapshotStyles.change}>
      <summary>
        <strong>{signed(totalRows(now.tables) - totalRows(before.tables))}</strong>
        <span className={styles.soft}>
          {" · "}
          {t(m.tableChanges, { n: changes.length })}
        </span>
      </summary>
      <ul>
        {changes.map(({ table, change }) => (
          <li key={table}>
            <span>{tableName(table, language)}</span>
            <span className={snapshotStyles.delta}>{signed(change)}</span>
          </li>
        ))}
      </ul>
    </details>
  );
}

function signed(change: number): string {
  if (change === 0) return "±0";
  return `${change > 0 ? "+" : "−"}${formatCount(Math.abs(change))}`;
}
