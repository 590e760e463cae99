import { useTool } from "@/api/useTool";
import { Figure } from "@/components/figures/Figure";
import { Meter } from "@/components/figures/Meter";
import { Note, Panel, ToolView } from "@/components/figures/Panel";
import { useLanguage } from "@/i18n/language";
import type { Period } from "@/lib/periods";
import { rowsOf } from "@/lib/rows";
import { attainmentQuery, type Carried, type OverviewFilter } from "./filters";
import { m } from "./messages";
import styles from "./Overview.module.css";

interface Props {
  filter: OverviewFilter;
  period: Period;
  carries: Carried;
}

/** The scale goes beyond the target, so that who is over it can be told apart. */
const SCALE = 1.25;

export function AttainmentPanel({ filter, period, carries }: Props) {
  const { t } = useLanguage();
  const query = attainmentQuery(period, filter, carries);
  const state = useTool("query", query?.args ?? null);
  const share = `${Math.round(period.elapsed * 100)}%`;
  const hint = [
    period.elapsed < 1 ? t(m.attainmentHint, { share }) : t(m.attainmentHintWhole),
    filter.products.length > 0 && !carries.splits("attainment", "product_category")
      ? t(m.attainmentNoProduct)
      : "",
  ].join(" ");
  return (
    <Panel title={t(m.attainmentTitle)} hint={query ? hint : null} source={state} className={styles.left}>
      {query ? (
        <ToolView state={state} lines={6} empty={<Note title={t(m.noTargets)} />}>
          {(figures) => (
            <ul className={styles.bars}>
              {rowsOf(figures)
                .filter((row) => row.number("attainment") !== null)
                .map((row) => {
                  const name = row.text(query.dimension);
                  const rate = row.number("attainment") ?? 0;
                  const tone =
                    rate >= period.elapsed ? "good" : rate >= period.elapsed * 0.85 ? "warn" : "bad";
                  return (
                    <li key={name}>
                      <span className={styles.name}>{name}</span>
                      <Meter value={rate / SCALE} tone={tone} mark={period.elapsed / SCALE} />
                      <span className={styles.value}>
                        <Figure of={figures} row={row.index} column="attainment" label={name} />
                        <small>
                          {" / "}
                          <Figure
                            of={figures}
                            row={row.index}
                            column="target_amount"
                            label={name}
                            tab={false}
                          />
                        </small>
                      </span>
                    </li>
                  );
                })}
            </ul>
          )}
        </ToolView>
      ) : (
        <Note title={t(m.noTargets)} />
      )}
    </Panel>
  );
}
