import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Button, Input, Select } from "antd";
import { useState } from "react";
import { Link, useNavigate } from "react-router";
import { api } from "@/api/client";
import { toProblem } from "@/api/http";
import { queries } from "@/api/queries";
import type { Brief, BriefItem, BriefWanted } from "@/api/types";
import { m as app } from "@/app/messages";
import { DateTime } from "@/components/DateTime";
import { EmptyState } from "@/components/EmptyState";
import { Failure } from "@/components/Failure";
import { Loading } from "@/components/Loading";
import { Page } from "@/components/Page";
import { PageHeader } from "@/components/PageHeader";
import { Pill } from "@/components/Pill";
import { ProblemNotice } from "@/components/ProblemNotice";
import { type RecordColumn, RecordTable, rowLink } from "@/components/RecordTable";
import { useLanguage } from "@/i18n/language";
import { useUrlState } from "@/lib/urlState";
import styles from "./Briefs.module.css";
import { m } from "./messages";

/** The archive of weekly briefs, and having one written. */
export function Component() {
  const { t } = useLanguage();
  const [search, change] = useUrlState();
  const manager = search.get("manager") ?? "";
  const list = useInfiniteQuery(queries.briefs(manager));
  const people = useQuery(queries.briefManagers());
  const items = list.data?.pages.flatMap((page) => page.items) ?? [];
  const options = (people.data?.items ?? []).map(({ name, label }) => ({ value: name, label }));
  return (
    <Page>
      <PageHeader title={t(app.briefs)} description={t(m.description)} />
      {people.data ? <Maker people={options} lastWeek={people.data.last_week} /> : null}
      {options.length > 1 ? (
        <search className={styles.filters}>
          <Select
            className={styles.select ?? ""}
            aria-label={t(m.manager)}
            value={manager}
            showSearch={{ optionFilterProp: "label" }}
            popupMatchSelectWidth={false}
            onChange={(chosen: string) => change({ manager: chosen })}
            options={[{ value: "", label: t(m.everybody) }, ...options]}
          />
        </search>
      ) : null}
      {list.isPending ? <Loading rows={8} /> : null}
      {list.isError ? <Failure error={list.error} onRetry={() => void list.refetch()} /> : null}
      {list.isSuccess && items.length === 0 ? (
        <EmptyState title={t(m.emptyTitle)} hint={t(m.emptyHint)} />
      ) : null}
      {items.length > 0 ? <Archive items={items} stale={list.isPlaceholderData} /> : null}
      {list.hasNextPage ? (
        <div className={styles.foot}>
          <Button loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
            {t(m.more)}
          </Button>
        </div>
      ) : null}
    </Page>
  );
}

interface MakerProps {
  people: { value: string; label: string }[];
  lastWeek: string;
}

/** Asks again while it is being written, up to ten minutes. */
const AGAIN_MS = 1500;
const MOST_TRIES = 90;

function Maker({ people, lastWeek }: MakerProps) {
  const { language, t } = useLanguage();
  const navigate = useNavigate();
  const client = useQueryClient();
  const [manager, setManager] = useState<string | null>(people[0]?.value ?? null);
  const [week, setWeek] = useState(lastWeek);
  const [seconds, setSeconds] = useState(0);
  const making = useMutation({
    mutationFn: async (wanted: BriefWanted): Promise<Brief> => {
      for (let tries = 0; tries < MOST_TRIES; tries += 1) {
        const found = await api.makeBrief(wanted);
        if (!("state" in found)) return found;
        setSeconds(Math.round(found.seconds));
        await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
      }
      throw new Error("timeout");
    },
    onMutate: () => setSeconds(0),
    onSuccess: async (brief) => {
      await client.invalidateQueries({ queryKey: ["briefs", "list"] });
      void navigate(`/briefs/${encodeURIComponent(brief.brief_id)}`);
    },
  });
  const fits = /^\d{4}-?[Ww]\d{1,2}$/.test(week.trim());
  return (
    <>
      <fieldset className={styles.maker} disabled={making.isPending}>
        <legend className="ll-visually-hidden">{t(m.make)}</legend>
        <span className={styles.field}>
          <span>{t(m.forWhom)}</span>
          <Select
            value={manager}
            onChange={setManager}
            options={people}
            showSearch={{ optionFilterProp: "label" }}
            aria-label={t(m.forWhom)}
            popupMatchSelectWidth={false}
            disabled={making.isPending}
          />
        </span>
        <span className={styles.field}>
          <span>{t(m.week)}</span>
          <Input
            value={week}
            maxLength={8}
            status={fits ? "" : "error"}
            title={t(m.weekHint)}
            aria-label={t(m.week)}
            onChange={(event) => setWeek(event.target.value)}
          />
        </span>
        <Button
          type="primary"
          disabled={!fits || manager === null}
          loading={making.isPending}
          onClick={() =>
            making.mutate({ week: week.trim(), language, ...(manager === null ? {} : { manager }) })
          }
        >
          {t(m.write)}
        </Button>
        <span role="status" className={styles.soft}>
          {making.isPending ? t(m.writing, { n: seconds }) : ""}
        </span>
      </fieldset>
      {making.isError ? <ProblemNotice problem={toProblem(making.error)} /> : null}
    </>
  );
}

function Archive({ items, stale }: { items: readonly BriefItem[]; stale: boolean }) {
  const { t } = useLanguage();
  const columns: RecordColumn<BriefItem>[] = [
    {
      key: "label",
      title: t(m.manager),
      narrow: "head",
      grow: true,
      render: (brief) => (
        <Link to={`/briefs/${encodeURIComponent(brief.brief_id)}`} className={rowLink}>
          {brief.label}
        </Link>
      ),
    },
    {
      key: "week",
      title: t(m.week),
      together: true,
      narrow: "word",
      render: (brief) => (
        <>
          {brief.week} {brief.partial ? <Pill tone="warn">{t(m.partial)}</Pill> : null}
        </>
      ),
    },
    {
      key: "days",
      title: t(m.days),
      together: true,
      narrow: "word",
      render: (brief) => t(m.daysOf, { from: brief.first_day, to: brief.as_of }),
    },
    { key: "language", title: t(m.language), narrow: "word", render: (brief) => t(m[brief.language]) },
    {
      key: "snapshot",
      title: t(m.snapshot),
      numeric: true,
      narrow: "hide",
      render: (brief) => `#${brief.snapshot}`,
    },
    {
      key: "created",
      title: t(m.created),
      together: true,
      render: (brief) => <DateTime iso={brief.created_at} />,
    },
  ];
  return (
    <RecordTable
      caption={t(m.list)}
      columns={columns}
      rows={items}
      rowKey={(brief) => brief.brief_id}
      stale={stale}
    />
  );
}
