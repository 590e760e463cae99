import { SearchOutlined } from "@ant-design/icons";
import { useQuery } from "@tanstack/react-query";
import { Button, Checkbox, Input, Segmented } from "antd";
import { useDeferredValue, useMemo, useState } from "react";
import { useSearchParams } from "react-router";
import { queries } from "@/api/queries";
import { EmptyState } from "@/components/EmptyState";
import { Failure } from "@/components/Failure";
import { Loading } from "@/components/Loading";
import { useT } from "@/i18n/language";
import { formatCount } from "@/lib/format";
import styles from "./DataPage.module.css";
import { matching } from "./dataText";
import { DimensionCard, MetricCard } from "./ModelCards";
import modelStyles from "./ModelTab.module.css";
import { m } from "./messages";

/** The words that questions are asked with: every metric and dimension, with its definition. */
export function ModelTab() {
  const t = useT();
  const model = useQuery(queries.semanticModel());
  const [search, setSearch] = useSearchParams();
  const [query, setQuery] = useState(search.get("q") ?? "");
  const [onlyAvailable, setOnlyAvailable] = useState(false);
  const sought = useDeferredValue(query);
  const kind = search.get("kind") === "dimensions" ? "dimensions" : "metrics";

  const metrics = useMemo(
    () => matching(model.data?.metrics ?? [], sought).filter((one) => one.available || !onlyAvailable),
    [model.data, sought, onlyAvailable],
  );
  const dimensions = useMemo(() => matching(model.data?.dimensions ?? [], sought), [model.data, sought]);

  const show = (name: string, value: string) => {
    const next = new URLSearchParams(search);
    if (value) next.set(name, value);
    else next.delete(name);
    setSearch(next, { replace: true });
  };
  const seek = (text: string) => {
    setQuery(text);
    show("q", text.trim());
  };

  if (model.isPending) return <Loading rows={10} />;
  if (model.isError) return <Failure error={model.error} onRetry={() => void model.refetch()} />;
  const missing = model.data.metrics.some((one) => !one.available);
  const found = kind === "metrics" ? metrics.length : dimensions.length;

  return (
    <>
      <p className={styles.hint}>{t(m.modelHint)}</p>
      <div className={styles.bar}>
        <Input
          className={modelStyles.search ?? ""}
          allowClear
          prefix={<SearchOutlined aria-hidden />}
          placeholder={t(m.searchModel)}
          aria-label={t(m.searchModel)}
          value={query}
          onChange={(event) => seek(event.target.value)}
        />
        <Segmented
          aria-label={t(m.which)}
          value={kind}
          onChange={(value) => show("kind", value === "metrics" ? "" : value)}
          options={[
            { value: "metrics", label: `${t(m.metrics)} ${formatCount(metrics.length)}` },
            { value: "dimensions", label: `${t(m.dimensions)} ${formatCount(dimensions.length)}` },
          ]}
        />
        {missing && kind === "metrics" ? (
          <Checkbox checked={onlyAvailable} onChange={(event) => setOnlyAvailable(event.target.checked)}>
            {t(m.onlyAvailable)}
          </Checkbox>
        ) : null}
        <span className={styles.space} />
        <span className={modelStyles.version}>
          {t(m.modelVersion, { version: model.data.version.slice(0, 12) })}
        </span>
      </div>
      {found === 0 ? (
        <EmptyState
          title={t(m.noMatchTitle, { query: sought.trim() })}
          hint={t(m.noMatchHint)}
          action={<Button onClick={() => seek("")}>{t(m.clear)}</Button>}
        />
      ) : (
        <ul className={modelStyles.cards}>
          {kind === "metrics"
            ? metrics.map((one) => <MetricCard key={one.name} metric={one} model={model.data} />)
            : dimensions.map((one) => <DimensionCard key={one.name} dimension={one} model={model.data} />)}
        </ul>
      )}
    </>
  );
}
