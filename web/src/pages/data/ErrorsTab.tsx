import { DownloadOutlined } from "@ant-design/icons";
import { useMutation, useQuery } from "@tanstack/react-query";
import { App, Button, Pagination, Select } from "antd";
import { useState } from "react";
import { useSearchParams } from "react-router";
import { api } from "@/api/client";
import { toProblem } from "@/api/http";
import { queries } from "@/api/queries";
import type { RowError } from "@/api/types";
import { EmptyState } from "@/components/EmptyState";
import { Loading } from "@/components/Loading";
import { type RecordColumn, RecordTable } from "@/components/RecordTable";
import { useLanguage } from "@/i18n/language";
import { download, toCsv } from "@/lib/csv";
import { formatCount } from "@/lib/format";
import { NARROW, useMediaQuery } from "@/lib/useMediaQuery";
import { DataFailure } from "./DataFailure";
import styles from "./DataPage.module.css";
import { errorTable, reasonText, tableName } from "./dataText";
import { m } from "./messages";

const PER_PAGE = 50;
/** Rows of one call while downloading; no more than the service gives at once. */
const PER_CALL = 200;

/** Rows that were not loaded: where they stand, what they say, and why they were turned away. */
export function ErrorsTab() {
  const { t } = useLanguage();
  const narrow = useMediaQuery(NARROW);
  const [search, setSearch] = useSearchParams();
  const source = search.get("source") ?? "";
  const page = Math.max(1, Number(search.get("page")) || 1);
  const status = useQuery(queries.dataStatus());
  const errors = useQuery(
    queries.dataErrors({
      ...(source ? { source } : {}),
      limit: PER_PAGE,
      offset: (page - 1) * PER_PAGE,
    }),
  );
  const columns = useErrorColumns(!source);

  const show = (changes: { source?: string; page?: number }) => {
    const next = new URLSearchParams(search);
    for (const [name, value] of Object.entries(changes)) {
      if (value && value !== 1) next.set(name, String(value));
      else next.delete(name);
    }
    setSearch(next, { replace: true });
  };

  if (errors.isPending) return <Loading rows={8} />;
  if (errors.isError) return <DataFailure error={errors.error} onRetry={() => void errors.refetch()} />;
  const { total, items } = errors.data;
  if (total === 0 && !source) {
    return <EmptyState title={t(m.noErrorsTitle)} hint={t(m.noErrorsHint)} />;
  }

  return (
    <>
      <p className={styles.hint}>{t(m.errorsHint)}</p>
      <div className={styles.bar}>
        <Select
          value={source}
          onChange={(value: string) => show({ source: value, page: 1 })}
          aria-label={t(m.filterSource)}
          popupMatchSelectWidth={false}
          options={[
            { value: "", label: t(m.allSources) },
            ...(status.data?.sources ?? []).map((one) => ({
              value: one.source,
              label: `${one.source} (${formatCount(one.errors)})`,
            })),
          ]}
        />
        <span className={styles.soft} role="status">
          {t(m.errorsTotal, { n: formatCount(total) })}
        </span>
        <span className={styles.space} />
        <DownloadErrors source={source} total={total} />
      </div>
      {total === 0 ? (
        <EmptyState title={t(m.noErrorsTitle)} hint={t(m.noErrorsHint)} />
      ) : (
        <RecordTable
          caption={t(m.errors)}
          columns={columns}
          rows={items}
          rowKey={(error) => items.indexOf(error)}
          stale={errors.isPlaceholderData}
        />
      )}
      {total > PER_PAGE ? (
        <div className={styles.more}>
          <Pagination
            current={page}
            pageSize={PER_PAGE}
            total={total}
            showSizeChanger={false}
            simple={narrow}
            onChange={(next) => show({ page: next })}
          />
        </div>
      ) : null}
    </>
  );
}

function useErrorColumns(withSource: boolean): RecordColumn<RowError>[] {
  const { language, t } = useLanguage();
  return [
    {
      key: "file",
      title: t(m.file),
      narrow: "head",
      render: (error) => (
        <>
          {error.file}
          {error.sheet ? <span className={styles.soft}> · {error.sheet}</span> : null}
        </>
      ),
    },
    {
      key: "row",
      title: t(m.row),
      numeric: true,
      render: (error) => (error.row_no === null ? null : formatCount(error.row_no)),
    },
    { key: "column", title: t(m.column), render: (error) => error.column },
    {
      key: "value",
      title: t(m.value),
      render: (error) =>
        error.value === null || error.value === "" ? (
          <span className={styles.soft}>{t(m.emptyValue)}</span>
        ) : (
          <code className={styles.mono}>{error.value}</code>
        ),
    },
    { key: "reason", title: t(m.reason), grow: true, render: (error) => reasonText(error.reason, language) },
    {
      key: "table",
      title: t(m.table),
      render: (error) =>
        error.table ? <span title={error.table}>{tableName(error.table, language)}</span> : null,
    },
    ...(withSource ? [{ key: "source", title: t(m.source), render: (error: RowError) => error.source }] : []),
  ];
}

/** All errors of the filter as one file, made in the browser from as many calls as it takes. */
function DownloadErrors({ source, total }: { source: string; total: number }) {
  const { language, t } = useLanguage();
  const { message } = App.useApp();
  const [done, setDone] = useState(0);
  const save = useMutation({
    mutationFn: async () => {
      const found: RowError[] = [];
      for (;;) {
        const part = await api.dataErrors({
          ...(source ? { source } : {}),
          limit: PER_CALL,
          offset: found.length,
        });
        found.push(...part.items);
        setDone(found.length);
        if (part.items.length === 0 || found.length >= part.total) break;
      }
      const name = ["leadline", "row-errors", ...(source ? [source] : [])].join("-");
      download(`${name}.csv`, toCsv(errorTable(found, language), language));
    },
    onError: (error) => void message.error(toProblem(error).title),
    onSettled: () => setDone(0),
  });
  return (
    <Button
      icon={<DownloadOutlined aria-hidden />}
      loading={save.isPending}
      disabled={total === 0}
      onClick={() => save.mutate()}
    >
      {save.isPending && done > 0
        ? t(m.preparing, { done: formatCount(done), n: formatCount(total) })
        : t(m.downloadErrors)}
    </Button>
  );
}
