import { Button, Checkbox } from "antd";
import { useMemo, useState } from "react";
import { Link } from "react-router";
import { figuresOf, type ToolState, useTool } from "@/api/useTool";
import { m as app } from "@/app/messages";
import { EmptyState } from "@/components/EmptyState";
import { Change } from "@/components/figures/Change";
import { Figure, SourceTitle } from "@/components/figures/Figure";
import { FigurePage } from "@/components/figures/FigurePage";
import { Meter } from "@/components/figures/Meter";
import { ToolView } from "@/components/figures/Panel";
import { PageHeader } from "@/components/PageHeader";
import { Pill } from "@/components/Pill";
import { aboveRowLink, type RecordColumn, RecordTable, rowLink } from "@/components/RecordTable";
import { useLanguage } from "@/i18n/language";
import { bandTone, partnerPath, RISK_TONES, SEGMENT_TONES } from "@/lib/partners";
import { useUrlState } from "@/lib/urlState";
import { amountRow, arranged, joined, type ListState, PAGE_SIZE, type Partner, readListState } from "./list";
import { m } from "./messages";
import { PartnerFilters } from "./PartnerFilters";
import styles from "./Partners.module.css";
import { comparePath } from "./paths";

const ALL = { limit: 5000, everything: true };

/** All partners with segment, health and risk; what it shows stands in its address. */
export function Component() {
  const { t } = useLanguage();
  const [search, change] = useUrlState();
  const state = readListState(search);
  const lists: Lists = {
    health: useTool("health", ALL),
    segments: useTool("segments", ALL),
    churn: useTool("churn", ALL),
  };
  const found = Object.values(lists).map(figuresOf);
  const [health, segments, churn] = found;
  const partners = useMemo(() => joined(health, segments, churn), [health, segments, churn]);
  const shown = useMemo(() => arranged(partners, state), [partners, state]);
  const first = Object.values(lists).find((list) => list.is === "ready") ?? lists.health;

  return (
    <FigurePage>
      <PageHeader title={t(app.partners)} description={t(m.description)} />
      <PartnerFilters state={state} onChange={change} segments={segments} churn={churn} health={health} />
      <ToolView state={first} lines={12}>
        {() =>
          shown.length === 0 ? (
            <EmptyState title={t(m.noMatchTitle)} hint={t(m.noMatchHint)} />
          ) : (
            <List shown={shown} lists={lists} state={state} onChange={change} />
          )
        }
      </ToolView>
    </FigurePage>
  );
}

interface Lists {
  health: ToolState;
  segments: ToolState;
  churn: ToolState;
}

interface ListProps {
  shown: readonly Partner[];
  lists: Lists;
  state: ListState;
  onChange: (change: Record<string, string | null>) => void;
}

function List({ shown, lists, state, onChange }: ListProps) {
  const { t } = useLanguage();
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const pages = Math.max(1, Math.ceil(shown.length / PAGE_SIZE));
  const page = Math.min(state.page, pages);
  const rows = shown.slice((page - 1) * PAGE_SIZE, page * PAGE_SIZE);
  const toggle = (name: string) =>
    setChosen((old) => (old.includes(name) ? old.filter((one) => one !== name) : [...old, name].slice(-2)));
  const columns = useColumns(lists, chosen, toggle);
  const turn = (to: number) => onChange({ page: to > 1 ? String(to) : null });
  return (
    <>
      <div className={styles.above}>
        <span role="status">{t(m.shown, { n: shown.length })}</span>
        <Chosen chosen={chosen} />
      </div>
      <SourceTitle value={t(app.partners)}>
        <RecordTable
          caption={t(app.partners)}
          columns={columns}
          rows={rows}
          rowKey={(partner) => partner.name}
          sort={state.sort}
          onSort={({ key, descending }) =>
            onChange({ sort: key, order: descending ? "desc" : "asc", page: null })
          }
        />
      </SourceTitle>
      {pages > 1 ? (
        <nav className={styles.pages} aria-label={t(m.pageOf, { page, pages })}>
          <Button disabled={page === 1} onClick={() => turn(page - 1)}>
            {t(m.previous)}
          </Button>
          <span>{t(m.pageOf, { page, pages })}</span>
          <Button disabled={page === pages} onClick={() => turn(page + 1)}>
            {t(m.next)}
          </Button>
        </nav>
      ) : null}
    </>
  );
}

function Chosen({ chosen }: { chosen: readonly string[] }) {
  const { t } = useLanguage();
  const [first, second] = chosen;
  if (!first) return null;
  if (!second) return <span className={styles.soft}>{t(m.compareOneMore)}</span>;
  return <Link to={comparePath(first, second)}>{t(m.compareChosen)}</Link>;
}

function useColumns(
  lists: Lists,
  chosen: readonly string[],
  toggle: (name: string) => void,
): RecordColumn<Partner>[] {
  const { language, t } = useLanguage();
  const health = figuresOf(lists.health);
  const segments = figuresOf(lists.segments);
  const churn = figuresOf(lists.churn);
  const pending = (list: ToolState) => (list.is === "waiting" || list.is === "computing" ? "…" : null);
  return [
    {
      key: "partner",
      title: t(m.partner),
      sorts: "ascending",
      narrow: "head",
      grow: true,
      render: ({ name, region }) => (
        <div className={styles.partner}>
          <Checkbox
            className={aboveRowLink}
            checked={chosen.includes(name)}
            onChange={() => toggle(name)}
            aria-label={t(m.pickToCompare, { name })}
          />
          <div>
            <Link to={partnerPath(name)} className={rowLink}>
              {name}
            </Link>
            <div className={styles.soft}>{region}</div>
          </div>
        </div>
      ),
    },
    {
      key: "segment",
      title: t(m.segment),
      together: true,
      narrow: "word",
      render: ({ segment }) =>
        segment ? (
          <Pill tone={SEGMENT_TONES[segment.text("segment")] ?? "neutral"}>
            {segment.words("segment", language)}
          </Pill>
        ) : (
          pending(lists.segments)
        ),
    },
    {
      key: "health",
      title: t(m.health),
      sorts: "ascending",
      narrow: "line",
      render: ({ name, health: row }) =>
        row && health ? (
          <div className={styles.health}>
            <Figure of={health} row={row.index} column="score" label={name} className={aboveRowLink} />
            <Meter value={(row.number("score") ?? 0) / 100} tone={bandTone(row.number("score"))} />
          </div>
        ) : (
          pending(lists.health)
        ),
    },
    {
      key: "risk",
      title: t(m.risk),
      sorts: "descending",
      together: true,
      narrow: "line",
      render: ({ name, churn: row }) =>
        row && churn ? (
          <Pill tone={RISK_TONES[row.text("band")] ?? "neutral"}>
            {row.words("band", language)}
            {row.number("risk") === null ? null : (
              <Figure of={churn} row={row.index} column="risk" label={name} tab={false} />
            )}
          </Pill>
        ) : (
          pending(lists.churn)
        ),
    },
    {
      key: "amount",
      title: t(m.amount),
      sorts: "descending",
      numeric: true,
      render: (partner) => {
        const row = amountRow(partner);
        const of = row === partner.segment ? segments : row === partner.churn ? churn : health;
        if (!row || !of) return pending(lists.segments);
        return <Figure of={of} row={row.index} column="amount_12m" label={partner.name} tab={false} />;
      },
    },
    {
      key: "growth",
      title: t(m.growth),
      sorts: "descending",
      numeric: true,
      render: ({ name, segment }) =>
        segment && segments && segment.number("growth") !== null ? (
          <Change of={segments} row={segment.index} column="growth" label={name} tab={false} />
        ) : null,
    },
    {
      key: "exposure",
      title: t(m.exposure),
      sorts: "descending",
      numeric: true,
      render: ({ name, churn: row }) =>
        row && churn && row.number("exposure") !== null ? (
          <Figure of={churn} row={row.index} column="exposure" label={name} tab={false} />
        ) : null,
    },
    {
      key: "lastOrder",
      title: t(m.lastOrder),
      sorts: "descending",
      numeric: true,
      narrow: "hide",
      render: ({ name, churn: row }) =>
        row && churn && row.number("days_since_last_order") !== null ? (
          <Figure of={churn} row={row.index} column="days_since_last_order" label={name} tab={false} />
        ) : null,
    },
  ];
}
