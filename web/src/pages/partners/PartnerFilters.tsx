import { Button, Select } from "antd";
import { useCallback } from "react";
import type { Figures } from "@/api/types";
import { SearchField } from "@/components/SearchField";
import { useLanguage } from "@/i18n/language";
import { RISK_BANDS, SEGMENTS } from "@/lib/partners";
import { rowsOf } from "@/lib/rows";
import type { Change } from "@/lib/urlState";
import { NARROW, useMediaQuery } from "@/lib/useMediaQuery";
import { counted, type ListState, SORTS } from "./list";
import { m } from "./messages";
import styles from "./Partners.module.css";

interface Props {
  state: ListState;
  onChange: (change: Change) => void;
  health: Figures | undefined;
  segments: Figures | undefined;
  churn: Figures | undefined;
}

/** What the list is narrowed to. Choices that would find nothing are not offered. */
export function PartnerFilters({ state, onChange, health, segments, churn }: Props) {
  const { language, t } = useLanguage();
  // cards have no heads to sort by
  const narrow = useMediaQuery(NARROW);
  const regions = counted(health ?? segments ?? churn, "region");
  const narrowed =
    state.q !== "" || [state.regions, state.segments, state.bands].some((one) => one.length > 0);
  const seek = useCallback((q: string) => onChange({ q, page: null }), [onChange]);

  const options = (
    figures: Figures | undefined,
    column: string,
    known: readonly string[],
  ): { value: string; label: string }[] => {
    const counts = counted(figures, column);
    const names = new Map(
      figures ? rowsOf(figures).map((row) => [row.text(column), row.words(column, language)]) : [],
    );
    return known
      .filter((key) => counts.has(key))
      .map((key) => ({ value: key, label: `${names.get(key) || key} · ${counts.get(key)}` }));
  };
  const choice = (
    name: string,
    label: string,
    any: string,
    value: string[],
    offered: { value: string; label: string }[],
  ) => (
    <Select
      mode="multiple"
      className={styles.select ?? ""}
      aria-label={label}
      placeholder={any}
      value={value}
      maxTagCount="responsive"
      popupMatchSelectWidth={false}
      onChange={(chosen: string[]) => onChange({ [name]: chosen, page: null })}
      options={offered}
    />
  );

  return (
    <search className={styles.filters} aria-label={t(m.filters)}>
      <SearchField className={styles.search} value={state.q} onChange={seek} label={t(m.search)} />
      {choice(
        "region",
        t(m.region),
        t(m.allRegions),
        state.regions,
        [...regions].filter(([name]) => name).map(([name, n]) => ({ value: name, label: `${name} · ${n}` })),
      )}
      {choice(
        "segment",
        t(m.segment),
        t(m.allSegments),
        state.segments,
        options(segments, "segment", SEGMENTS),
      )}
      {choice("risk", t(m.risk), t(m.allRisks), state.bands, options(churn, "band", RISK_BANDS))}
      {narrow ? (
        <Select
          className={styles.select ?? ""}
          aria-label={t(m.sortBy)}
          value={state.sort.key}
          popupMatchSelectWidth={false}
          onChange={(key) => onChange({ sort: key, order: null, page: null })}
          options={SORTS.map((key) => ({ value: key, label: `${t(m.sortBy)}: ${t(m[key])}` }))}
        />
      ) : null}
      {narrowed ? (
        <Button
          type="text"
          onClick={() => onChange({ q: null, region: null, segment: null, risk: null, page: null })}
        >
          {t(m.clear)}
        </Button>
      ) : null}
    </search>
  );
}
