import { ReloadOutlined } from "@ant-design/icons";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Button } from "antd";
import { Link, useSearchParams } from "react-router";
import { queries } from "@/api/queries";
import { m as app } from "@/app/messages";
import { EmptyState } from "@/components/EmptyState";
import { Failure } from "@/components/Failure";
import { Loading } from "@/components/Loading";
import { Page } from "@/components/Page";
import { PageHeader } from "@/components/PageHeader";
import { useT } from "@/i18n/language";
import { NARROW, useMediaQuery } from "@/lib/useMediaQuery";
import { readFilter } from "./filter";
import { m } from "./messages";
import { TraceFilters } from "./TraceFilters";
import styles from "./TracesPage.module.css";
import { TraceTable } from "./TraceTable";

/** How answers came about, newest first. */
export function Component() {
  const t = useT();
  const narrow = useMediaQuery(NARROW);
  const [search, setSearch] = useSearchParams();
  const filter = readFilter(search);
  const filtered = Object.keys(filter).length > 0;
  const traces = useInfiniteQuery(queries.traces(filter));
  const items = traces.data?.pages.flatMap((page) => page.items) ?? [];

  const change = (name: string, value: string) => {
    setSearch(
      (old) => {
        const next = new URLSearchParams(old);
        if (value) next.set(name, value);
        else next.delete(name);
        return next;
      },
      { replace: true },
    );
  };
  const clear = () => setSearch({}, { replace: true });

  return (
    <Page>
      <PageHeader
        title={t(app.traces)}
        description={t(m.description)}
        actions={
          <Button
            icon={<ReloadOutlined spin={traces.isRefetching} aria-hidden />}
            onClick={() => void traces.refetch()}
            aria-label={t(m.refresh)}
          >
            {narrow ? null : t(m.refresh)}
          </Button>
        }
      />
      <TraceFilters filter={filter} onChange={change} {...(filtered ? { onClear: clear } : {})} />
      {traces.isPending ? <Loading rows={10} /> : null}
      {traces.isError ? <Failure error={traces.error} onRetry={() => void traces.refetch()} /> : null}
      {traces.isSuccess && items.length === 0 ? <Nothing filtered={filtered} onClear={clear} /> : null}
      {traces.isSuccess && items.length > 0 ? (
        <>
          <TraceTable traces={items} stale={traces.isPlaceholderData} />
          <div className={styles.foot}>
            <span role="status">{t(m.shown, { n: items.length })}</span>
            {traces.hasNextPage ? (
              <Button loading={traces.isFetchingNextPage} onClick={() => void traces.fetchNextPage()}>
                {t(m.more)}
              </Button>
            ) : null}
          </div>
        </>
      ) : null}
    </Page>
  );
}

function Nothing({ filtered, onClear }: { filtered: boolean; onClear: () => void }) {
  const t = useT();
  if (filtered) {
    return (
      <EmptyState
        title={t(m.noMatchTitle)}
        hint={t(m.noMatchHint)}
        action={<Button onClick={onClear}>{t(m.clear)}</Button>}
      />
    );
  }
  return (
    <EmptyState title={t(m.emptyTitle)} hint={t(m.emptyHint)} action={<Link to="/ask">{t(m.toAsk)}</Link>} />
  );
}
