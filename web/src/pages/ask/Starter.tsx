import { ArrowRightOutlined } from "@ant-design/icons";
import { useQuery } from "@tanstack/react-query";
import { Button } from "antd";
import { useNavigate } from "react-router";
import { queries } from "@/api/queries";
import { EmptyState } from "@/components/EmptyState";
import { Loading } from "@/components/Loading";
import { useLanguage, useT } from "@/i18n/language";
import { m } from "./messages";
import { Soundings } from "./Soundings";
import styles from "./Starter.module.css";

/** Before the first question: what this is for, and questions that this instance can answer. */
export function Starter({ onAsk }: { onAsk: (question: string) => void }) {
  const { language, t } = useLanguage();
  const suggestions = useQuery(queries.suggestions(language));
  const questions = suggestions.data?.questions ?? [];
  return (
    <div className={styles.starter}>
      <Soundings />
      <h2 className={styles.title}>{t(m.heroTitle)}</h2>
      <p className={styles.hint}>{t(m.heroHint)}</p>
      {suggestions.isPending ? <Loading rows={3} /> : null}
      {questions.length > 0 ? (
        <section aria-label={t(m.tryThese)}>
          <h3 className={styles.heading}>{t(m.tryThese)}</h3>
          <ul className={styles.list}>
            {questions.slice(0, 6).map(({ label, question }) => (
              <li key={question}>
                <button type="button" onClick={() => onAsk(question)}>
                  <span>{label}</span>
                  <ArrowRightOutlined aria-hidden />
                </button>
              </li>
            ))}
          </ul>
        </section>
      ) : null}
    </div>
  );
}

/** No snapshot yet: nothing can be asked. */
export function NotReady() {
  const t = useT();
  const navigate = useNavigate();
  return (
    <EmptyState
      title={t(m.notReadyTitle)}
      hint={t(m.notReadyHint)}
      action={<Button onClick={() => navigate("/data")}>{t(m.toData)}</Button>}
    />
  );
}
