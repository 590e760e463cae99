import { Button, Select } from "antd";
import { figuresOf, useTool } from "@/api/useTool";
import { useLanguage } from "@/i18n/language";
import { PERIODS, periodOf } from "@/lib/periods";
import { rowsOf } from "@/lib/rows";
import type { Change } from "@/lib/urlState";
import { DEFAULT_PERIOD, type OverviewFilter } from "./filters";
import { m } from "./messages";
import styles from "./Overview.module.css";

interface Props {
  filter: OverviewFilter;
  onChange: (change: Change) => void;
}

/** Names of a dimension, by what they sell: the first are the ones that one looks for. */
function useMembers(dimension: string): string[] {
  const found = figuresOf(
    useTool("query", {
      metrics: ["amount"],
      dimensions: [dimension],
      order: [{ by: "amount", direction: "desc" }],
      limit: 100,
    }),
  );
  return found
    ? rowsOf(found)
        .map((row) => row.text(dimension))
        .filter(Boolean)
    : [];
}

/** What the page is narrowed to; all of it stands in the address. */
export function OverviewFilters({ filter, onChange }: Props) {
  const { pick, t } = useLanguage();
  const regions = useMembers("region");
  const products = useMembers("product_category");
  const narrowed =
    filter.regions.length > 0 || filter.products.length > 0 || filter.period !== DEFAULT_PERIOD;
  const several = (
    name: "region" | "product",
    label: string,
    any: string,
    value: string[],
    members: string[],
  ) => (
    <Select
      mode="multiple"
      className={styles.several ?? ""}
      aria-label={label}
      placeholder={any}
      value={value}
      maxTagCount="responsive"
      popupMatchSelectWidth={false}
      onChange={(chosen: string[]) => onChange({ [name]: chosen })}
      options={[...new Set([...members, ...value])].map((one) => ({ value: one, label: one }))}
    />
  );
  return (
    <search className={styles.filters} aria-label={t(m.filters)}>
      <Select
        className={styles.period ?? ""}
        aria-label={t(m.period)}
        value={filter.period}
        popupMatchSelectWidth={false}
        onChange={(period) => onChange({ period: period === DEFAULT_PERIOD ? null : period })}
        options={PERIODS.map((name) => ({
          value: name,
          label: sentence(pick(periodOf(name, "2000-01-01").label)),
        }))}
      />
      {several("region", t(m.region), t(m.allRegions), filter.regions, regions)}
      {several("product", t(m.product), t(m.allProducts), filter.products, products)}
      {narrowed ? (
        <Button type="text" onClick={() => onChange({ region: null, product: null, period: null })}>
          {t(m.clear)}
        </Button>
      ) : null}
    </search>
  );
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
