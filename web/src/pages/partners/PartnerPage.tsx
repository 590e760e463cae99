import { ArrowLeftOutlined, MessageOutlined, SwapOutlined } from "@ant-design/icons";
import { Button } from "antd";
import { Link, useNavigate, useParams } from "react-router";
import { type ToolState, useTool } from "@/api/useTool";
import { m as app } from "@/app/messages";
import { EmptyState } from "@/components/EmptyState";
import { Change } from "@/components/figures/Change";
import { Figure, SourceTitle } from "@/components/figures/Figure";
import { FigurePage } from "@/components/figures/FigurePage";
import { ToolView } from "@/components/figures/Panel";
import { PageHeader } from "@/components/PageHeader";
import { Pill } from "@/components/Pill";
import { useLanguage } from "@/i18n/language";
import { BAND_TONES, RISK_TONES, SEGMENT_TONES } from "@/lib/partners";
import { type Row, rowsOf } from "@/lib/rows";
import { AxesPanel } from "./AxesPanel";
import { KpiPanel } from "./KpiPanel";
import { m } from "./messages";
import styles from "./Partner.module.css";
import { ReasonsPanel } from "./ReasonsPanel";
import { SimilarPanel } from "./SimilarPanel";
import { TimelinePanel } from "./TimelinePanel";
import { TrendPanel } from "./TrendPanel";

/** All of one partner on a page. */
export function Component() {
  const { partner = "" } = useParams();
  // another partner is another page: nothing of the one before may stand under its name
  return <Whole key={partner} partner={partner} />;
}

function Whole({ partner }: { partner: string }) {
  const { t } = useLanguage();
  const card = useTool("profile_card", { partner });
  const one = { partners: [partner], limit: 1 };
  const segments = useTool("segments", one);
  const churn = useTool("churn", one);
  const health = useTool("health", one);
  if (card.is === "failed" && card.problem.status === 422)
    return (
      <FigurePage>
        <PageHeader title={partner} />
        <EmptyState
          title={t(m.unknownPartner)}
          hint={t(m.unknownPartnerHint)}
          action={<Link to="/partners">{t(m.back)}</Link>}
        />
      </FigurePage>
    );
  return (
    <FigurePage>
      <Head partner={partner} card={card} />
      <Strip card={card} segments={segments} churn={churn} health={health} />
      <div className={styles.grid}>
        <TrendPanel partner={partner} />
        <ReasonsPanel segments={segments} churn={churn} health={health} />
        <AxesPanel partner={partner} health={health} />
        <SimilarPanel partner={partner} />
        <TimelinePanel partner={partner} />
        <KpiPanel partner={partner} />
      </div>
    </FigurePage>
  );
}

function first(state: ToolState): Row | undefined {
  return state.is === "ready" ? rowsOf(state.figures)[0] : undefined;
}

function Head({ partner, card }: { partner: string; card: ToolState }) {
  const { t } = useLanguage();
  const navigate = useNavigate();
  const row = first(card);
  const words = row
    ? [
        [row.text("region"), row.text("territory")].filter(Boolean).join(" / "),
        row.text("partner_type"),
        row.text("partner_tier"),
        row.text("partner_owner") ? t(m.owner, { name: row.text("partner_owner") }) : "",
        row.text("since") ? t(m.since, { date: row.text("since").slice(0, 10) }) : "",
      ].filter(Boolean)
    : [];
  return (
    <>
      <Link to="/partners" className={styles.back}>
        <ArrowLeftOutlined aria-hidden /> {t(app.partners)}
      </Link>
      <PageHeader
        title={partner}
        description={words.join(" · ") || " "}
        actions={
          <>
            <Button
              icon={<SwapOutlined aria-hidden />}
              onClick={() => void navigate(`/partners/compare?a=${encodeURIComponent(partner)}`)}
            >
              {t(m.compare)}
            </Button>
            <Button
              icon={<MessageOutlined aria-hidden />}
              onClick={() => void navigate(`/ask?q=${encodeURIComponent(t(m.question, { name: partner }))}`)}
            >
              {t(m.ask)}
            </Button>
          </>
        }
      />
    </>
  );
}

interface StripProps {
  card: ToolState;
  segments: ToolState;
  churn: ToolState;
  health: ToolState;
}

/** What one wants to know of a partner first. */
function Strip({ card, segments, churn, health }: StripProps) {
  const { language, t } = useLanguage();
  return (
    <div className={styles.strip}>
      <Cell title={t(m.amount)} state={card} name="amount_12m">
        {(_, figures) => (
          <p>
            <Change of={figures} row={0} column="growth" label={t(m.growth12)} /> <span>{t(m.growth12)}</span>
          </p>
        )}
      </Cell>
      <Cell title={t(m.health)} state={health} name="score">
        {(row) => (
          <p>
            <Pill tone={BAND_TONES[row.text("band")] ?? "neutral"}>{row.words("band", language)}</Pill>
          </p>
        )}
      </Cell>
      <Cell title={t(m.churned)} state={churn} name="risk">
        {(row) => (
          <p>
            <Pill tone={RISK_TONES[row.text("band")] ?? "neutral"}>{row.words("band", language)}</Pill>{" "}
            {row.number("risk") === null && row.text("band") === "unknown" ? (
              <span>{t(m.unknownRisk)}</span>
            ) : null}
          </p>
        )}
      </Cell>
      <Cell title={t(m.segment)} state={segments} name="">
        {(row, figures) => (
          <>
            <div className={styles.word}>
              <Pill tone={SEGMENT_TONES[row.text("segment")] ?? "neutral"}>
                {row.words("segment", language)}
              </Pill>
            </div>
            <p>
              <span>{t(m.confidence)}</span>{" "}
              <Figure of={figures} row={0} column="confidence" label={t(m.confidence)} />
            </p>
          </>
        )}
      </Cell>
    </div>
  );
}

interface CellProps {
  title: string;
  state: ToolState;
  /** The column of its large figure; empty where the children show it. */
  name: string;
  children: (row: Row, figures: Extract<ToolState, { is: "ready" }>["figures"]) => React.ReactNode;
}

function Cell({ title, state, name, children }: CellProps) {
  const row = first(state);
  return (
    <SourceTitle value={title}>
      <section className={styles.cell} aria-label={title}>
        <h2>{title}</h2>
        {state.is === "ready" && row ? (
          <>
            {name ? (
              <Figure of={state.figures} row={0} column={name} label={title} className={styles.big} />
            ) : null}
            {children(row, state.figures)}
          </>
        ) : (
          <ToolView state={state} lines={1} empty={<span className={styles.soft}>—</span>}>
            {() => null}
          </ToolView>
        )}
      </section>
    </SourceTitle>
  );
}
