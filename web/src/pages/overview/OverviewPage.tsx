import { useQuery } from "@tanstack/react-query";
import { queries } from "@/api/queries";
import { m as app } from "@/app/messages";
import { EmptyState } from "@/components/EmptyState";
import { FigurePage } from "@/components/figures/FigurePage";
import { m as figures } from "@/components/figures/messages";
import { Loading } from "@/components/Loading";
import { PageHeader } from "@/components/PageHeader";
import { useT } from "@/i18n/language";
import { periodOf } from "@/lib/periods";
import { useUrlState } from "@/lib/urlState";
import { AttainmentPanel } from "./AttainmentPanel";
import { ForecastMap } from "./ForecastMap";
import { carried, readOverviewFilter } from "./filters";
import { Headlines } from "./Headlines";
import { HealthPanel } from "./HealthPanel";
import { MoversPanel } from "./MoversPanel";
import { m } from "./messages";
import styles from "./Overview.module.css";
import { OverviewFilters } from "./OverviewFilters";
import { RiskPanel } from "./RiskPanel";
import { SegmentsPanel } from "./SegmentsPanel";

/** The channel at a glance; every figure opens its evidence. */
export function Component() {
  const t = useT();
  const ready = useQuery(queries.readiness());
  const model = useQuery(queries.semanticModel());
  const [search, change] = useUrlState();
  const filter = readOverviewFilter(search);
  const asOf = ready.data?.as_of;
  const carries = carried(model.data);

  if (ready.isError || (ready.isSuccess && !asOf))
    return (
      <FigurePage>
        <PageHeader title={t(app.overview)} />
        <EmptyState title={t(figures.absentTitle)} hint={t(figures.absentHint)} />
      </FigurePage>
    );
  return (
    <FigurePage>
      <PageHeader title={t(app.overview)} description={t(m.description)} />
      <OverviewFilters filter={filter} onChange={change} />
      {asOf && model.isSuccess ? (
        <Panels filter={filter} period={periodOf(filter.period, asOf)} carries={carries} />
      ) : (
        <Loading rows={10} />
      )}
    </FigurePage>
  );
}

type Shared = {
  filter: ReturnType<typeof readOverviewFilter>;
  period: ReturnType<typeof periodOf>;
  carries: ReturnType<typeof carried>;
};

function Panels({ filter, period, carries }: Shared) {
  return (
    <>
      <Headlines filter={filter} period={period} carries={carries} />
      <div className={styles.grid}>
        <HealthPanel regions={filter.regions} />
        <ForecastMap filter={filter} />
        <AttainmentPanel filter={filter} period={period} carries={carries} />
        <MoversPanel filter={filter} period={period} />
        <SegmentsPanel regions={filter.regions} />
        <RiskPanel regions={filter.regions} />
      </div>
    </>
  );
}
