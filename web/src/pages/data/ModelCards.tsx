import { ArrowRightOutlined } from "@ant-design/icons";
import { Link } from "react-router";
import type { SemanticDimension, SemanticMetric, SemanticModel, Unit } from "@/api/types";
import { Pill } from "@/components/Pill";
import { useLanguage } from "@/i18n/language";
import type { Message } from "@/i18n/message";
import { formatCount } from "@/lib/format";
import { dimensionQuestion, metricQuestion } from "./dataText";
import styles from "./ModelTab.module.css";
import { m } from "./messages";

const UNITS: Record<Unit, Message> = {
  money: m.unitMoney,
  ratio: m.unitRatio,
  count: m.unitCount,
  quantity: m.unitQuantity,
  days: m.unitDays,
  date: m.unitDate,
  text: m.unitText,
  each: m.unitEach,
};
const ADDITIVITY: Record<string, [word: Message, hint: Message]> = {
  additive: [m.additive, m.additiveHint],
  semi_additive: [m.semiAdditive, m.semiAdditiveHint],
  non_additive: [m.nonAdditive, m.nonAdditiveHint],
};
const KINDS: Record<string, Message> = {
  member: m.kindMember,
  attribute: m.kindAttribute,
  date: m.kindDate,
};

export function MetricCard({ metric, model }: { metric: SemanticMetric; model: SemanticModel }) {
  const { language, pick, t } = useLanguage();
  const additivity = ADDITIVITY[metric.additivity];
  const splits = metric.dimensions.map(
    (name) => pick(model.dimensions.find((one) => one.name === name)?.label) || name,
  );
  return (
    <li className={styles.card} data-off={!metric.available}>
      <header className={styles.head}>
        <h2 className={styles.label}>{pick(metric.label)}</h2>
        <code className={styles.name}>{metric.name}</code>
        {metric.available ? null : <Pill tone="warn">{t(m.unavailable)}</Pill>}
      </header>
      <p className={styles.definition}>{pick(metric.definition)}</p>
      <div className={styles.pills}>
        <Pill>{t(UNITS[metric.unit] ?? m.unitText)}</Pill>
        {additivity ? <Pill title={t(additivity[1])}>{t(additivity[0])}</Pill> : null}
        {metric.direction === "neutral" ? null : (
          <Pill>{t(metric.direction === "up" ? m.upIsGood : m.downIsGood)}</Pill>
        )}
      </div>
      <Fold title={t(m.synonyms)} words={metric.synonyms[language]} />
      <Fold title={t(m.splitBy)} words={metric.available ? splits : []} />
      <footer className={styles.foot}>
        <span className={styles.span}>
          {metric.span ? `${t(m.dataSpan)} ${t(m.spanText, metric.span)}` : ""}
        </span>
        {metric.available ? <AskAbout question={metricQuestion(metric, language)} /> : null}
      </footer>
    </li>
  );
}

export function DimensionCard({ dimension, model }: { dimension: SemanticDimension; model: SemanticModel }) {
  const { language, pick, t } = useLanguage();
  const kind = KINDS[dimension.kind];
  const users = model.metrics
    .filter((one) => one.available && one.dimensions.includes(dimension.name))
    .map((one) => pick(one.label));
  const question = dimension.members === 0 ? null : dimensionQuestion(dimension, model.metrics, language);
  return (
    <li className={styles.card}>
      <header className={styles.head}>
        <h2 className={styles.label}>{pick(dimension.label)}</h2>
        <code className={styles.name}>{dimension.name}</code>
      </header>
      <p className={styles.definition}>{pick(dimension.definition)}</p>
      <div className={styles.pills}>
        <Pill>{kind ? t(kind) : dimension.kind}</Pill>
        {dimension.members === null ? null : (
          <Pill tone={dimension.members === 0 ? "warn" : "neutral"}>
            {dimension.members === 0 ? t(m.unavailable) : t(m.members, { n: formatCount(dimension.members) })}
          </Pill>
        )}
      </div>
      <Fold title={t(m.synonyms)} words={dimension.synonyms[language]} />
      <Fold title={t(m.usedBy)} words={users} />
      <footer className={styles.foot}>
        <span className={styles.span} />
        {question ? <AskAbout question={question} /> : null}
      </footer>
    </li>
  );
}

/** Words that would take much room, behind their number. */
function Fold({ title, words }: { title: string; words: readonly string[] }) {
  if (words.length === 0) return null;
  return (
    <details className={styles.fold}>
      <summary>
        {title} <span className={styles.number}>{words.length}</span>
      </summary>
      <ul>
        {words.map((word) => (
          <li key={word}>{word}</li>
        ))}
      </ul>
    </details>
  );
}

function AskAbout({ question }: { question: string }) {
  const { t } = useLanguage();
  return (
    <Link
      to={`/ask?q=${encodeURIComponent(question)}`}
      className={styles.ask}
      title={t(m.askAboutName, { question })}
    >
      {t(m.askAbout)} <ArrowRightOutlined aria-hidden />
      <span className="ll-visually-hidden">{question}</span>
    </Link>
  );
}
