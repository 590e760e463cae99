import type { CitationDetail } from "@/api/types";
import { useLanguage } from "@/i18n/language";
import { DateTime } from "../DateTime";
import styles from "./Evidence.module.css";
import { m } from "./messages";

/** Definitions of what the columns mean, the snapshot they come from, the query as it ran. */
export function EvidenceFacts({ detail }: { detail: CitationDetail }) {
  const { pick, t } = useLanguage();
  const { snapshot_info: snapshot, definitions } = detail;
  return (
    <>
      {definitions.length > 0 ? (
        <section className={styles.section}>
          <h3>{t(m.definitions)}</h3>
          <dl className={styles.definitions}>
            {definitions.map((definition) => (
              <div key={definition.name}>
                <dt>
                  {pick(definition.label)} <code>{definition.name}</code>
                </dt>
                <dd>{pick(definition.definition)}</dd>
                {definition.formula ? (
                  <dd>
                    <span className={styles.soft}>{t(m.formula)}</span> <code>{definition.formula}</code>
                  </dd>
                ) : null}
              </div>
            ))}
          </dl>
        </section>
      ) : null}
      <section className={styles.section}>
        <h3>{t(m.snapshot)}</h3>
        <dl className={styles.facts}>
          <dt>{t(m.number)}</dt>
          <dd>{snapshot.number}</dd>
          <dt>{t(m.asOf)}</dt>
          <dd>{snapshot.as_of}</dd>
          <dt>{t(m.created)}</dt>
          <dd>
            <DateTime iso={snapshot.created_at} />
          </dd>
          <dt>{t(m.sources)}</dt>
          <dd>{snapshot.sources.join(" · ") || "—"}</dd>
          <dt>{t(m.model)}</dt>
          <dd>
            <code>{detail.model_version}</code>
          </dd>
          <dt>{t(m.digest)}</dt>
          <dd>
            <code>{detail.digest}</code>
          </dd>
        </dl>
      </section>
      <details className={styles.spec}>
        <summary>
          {t(m.spec)} <code>{detail.tool}</code>
        </summary>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
        <pre tabIndex={0}>{JSON.stringify(detail.spec, null, 2)}</pre>
      </details>
    </>
  );
}
