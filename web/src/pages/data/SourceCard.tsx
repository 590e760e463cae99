import { DownOutlined } from "@ant-design/icons";
import { useId, useState } from "react";
import { Link } from "react-router";
import type { SourceFile, SourceStatus } from "@/api/types";
import { DateTime } from "@/components/DateTime";
import { Facts } from "@/components/Facts";
import { Pill } from "@/components/Pill";
import { type RecordColumn, RecordTable } from "@/components/RecordTable";
import { useLanguage } from "@/i18n/language";
import { formatCount } from "@/lib/format";
import { largestFirst, tableName } from "./dataText";
import { m } from "./messages";
import styles from "./SourceCard.module.css";

/** One source: where it comes from, how its last load went, and on demand its tables and files. */
export function SourceCard({ source, open: first = false }: { source: SourceStatus; open?: boolean }) {
  const { t } = useLanguage();
  const id = useId();
  const [open, setOpen] = useState(first);
  const { rows_read: read, rows_rejected: rejected } = source;

  return (
    <article className={styles.card} aria-labelledby={`${id}-name`}>
      <header className={styles.head}>
        <h2 id={`${id}-name`} className={styles.name}>
          {source.source}
        </h2>
        <Pill>{source.kind === "files" ? t(m.kindFiles) : source.kind}</Pill>
        {source.pending ? (
          <Pill tone="warn">{t(m.pendingPill)}</Pill>
        ) : (
          <Pill tone="good">{t(m.published)}</Pill>
        )}
      </header>
      <p className={styles.origin} title={t(m.origin)}>
        {source.origin}
      </p>
      <Facts
        facts={[
          { label: t(m.loadedAt), value: <DateTime iso={source.loaded_at} /> },
          { label: t(m.loads), value: formatCount(source.loads) },
          { label: t(m.rowsRead), value: formatCount(read) },
          { label: t(m.rowsRejected), value: formatCount(rejected) },
          { label: t(m.filesCount), value: formatCount(source.files.length) },
        ]}
      />
      <Quality read={read} rejected={rejected} />
      <footer className={styles.foot}>
        <button
          type="button"
          className={styles.toggle}
          aria-expanded={open}
          aria-controls={`${id}-parts`}
          onClick={() => setOpen(!open)}
        >
          <DownOutlined className={styles.arrow ?? ""} data-open={open} aria-hidden />
          {t(m.showParts)}
        </button>
        {source.errors > 0 ? (
          <Link to={`/data/errors?source=${encodeURIComponent(source.source)}`} className={styles.errors}>
            {t(m.errorsLink, { n: source.errors })}
          </Link>
        ) : null}
      </footer>
      <div id={`${id}-parts`} hidden={!open}>
        {open ? <Parts source={source} /> : null}
      </div>
    </article>
  );
}

function Quality({ read, rejected }: { read: number; rejected: number }) {
  const { t } = useLanguage();
  if (read === 0) return null;
  const words = t(m.quality, { read: formatCount(read), rejected: formatCount(rejected) });
  return (
    <div className={styles.quality} role="img" aria-label={words} title={words}>
      <span className={styles.good} style={{ flexGrow: read - rejected }} />
      {rejected > 0 ? <span className={styles.bad} style={{ flexGrow: rejected }} /> : null}
    </div>
  );
}

function Parts({ source }: { source: SourceStatus }) {
  const { t } = useLanguage();
  return (
    <div className={styles.parts}>
      <section>
        <h3 className={styles.partName}>{t(m.rowsPerTable)}</h3>
        <TableRows tables={source.tables} />
      </section>
      {source.files.length > 0 ? (
        <section>
          <h3 className={styles.partName}>{t(m.files)}</h3>
          <Files files={source.files} />
        </section>
      ) : null}
    </div>
  );
}

function TableRows({ tables }: { tables: Readonly<Record<string, number>> }) {
  const { language } = useLanguage();
  const rows = largestFirst(tables);
  const most = rows[0]?.[1] ?? 1;
  return (
    <ul className={styles.tables}>
      {rows.map(([table, count]) => (
        <li key={table} title={table}>
          <span className={styles.table}>{tableName(table, language)}</span>
          <span className={styles.count}>{formatCount(count)}</span>
          <span className={styles.track} aria-hidden="true">
            <span style={{ width: `${(count / Math.max(most, 1)) * 100}%` }} />
          </span>
        </li>
      ))}
    </ul>
  );
}

function Files({ files }: { files: readonly SourceFile[] }) {
  const { language, t } = useLanguage();
  const columns: RecordColumn<SourceFile>[] = [
    {
      key: "path",
      title: t(m.file),
      grow: true,
      narrow: "head",
      render: (file) => <span className={styles.path}>{file.path}</span>,
    },
    {
      key: "table",
      title: t(m.table),
      render: (file) => (file.table ? tableName(file.table, language) : t(m.lookupOnly)),
    },
    { key: "read", title: t(m.rowsRead), numeric: true, render: (file) => formatCount(file.rows_read) },
    {
      key: "rejected",
      title: t(m.rowsRejected),
      numeric: true,
      render: (file) =>
        file.rows_rejected > 0 ? (
          <strong className={styles.rejected}>{formatCount(file.rows_rejected)}</strong>
        ) : (
          "0"
        ),
    },
  ];
  return (
    <RecordTable
      caption={t(m.files)}
      columns={columns}
      rows={files}
      rowKey={(file) => `${file.path} ${file.table}`}
    />
  );
}
