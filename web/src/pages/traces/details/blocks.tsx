import { CopyOutlined } from "@ant-design/icons";
import { App, Button } from "antd";
import type { ReactNode } from "react";
import { useT } from "@/i18n/language";
import { copyText } from "@/lib/clipboard";
import { isRecord, pretty } from "../attributes";
import { m } from "../messages";
import { templateParts } from "../spans";
import styles from "./blocks.module.css";

/** A titled part of a span's details. */
export function Part({ title, aside, children }: { title: string; aside?: ReactNode; children: ReactNode }) {
  return (
    <section className={styles.part}>
      <h3 className={styles.title}>
        {title}
        {aside ? <span className={styles.aside}>{aside}</span> : null}
      </h3>
      {children}
    </section>
  );
}

/** A text as it is, never as markup; long ones scroll. */
export function Prose({ text, label }: { text: string; label: string }) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: no element stands for a group of text
    <div
      role="group"
      className={styles.prose}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
      tabIndex={0}
      aria-label={label}
    >
      {text}
    </div>
  );
}

/** A narrator's template with its slots marked. */
export function Template({ text, label }: { text: string; label: string }) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: no element stands for a group of text
    <div
      role="group"
      className={styles.prose}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
      tabIndex={0}
      aria-label={label}
    >
      {templateParts(text).map((part, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: parts of one text, which never change places
        <span key={at} className={part.slot ? styles.slot : undefined}>
          {part.text}
        </span>
      ))}
    </div>
  );
}

/** Data as JSON behind its title, with a button to copy it. */
export function Json({ title, value }: { title: string; value: unknown }) {
  const t = useT();
  const { message } = App.useApp();
  const text = pretty(value);
  const copy = async () => {
    if (await copyText(text)) void message.success(t(m.copied));
  };
  return (
    <details className={styles.json}>
      <summary>{title}</summary>
      <div className={styles.jsonBody}>
        <Button
          className={styles.copy ?? ""}
          size="small"
          icon={<CopyOutlined aria-hidden />}
          onClick={() => void copy()}
          aria-label={`${t(m.copy)}: ${title}`}
        />
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
        <pre className={styles.pre} tabIndex={0}>
          {text}
        </pre>
      </div>
    </details>
  );
}

/** Values by name; unless `all`, those that say nothing (empty, null, false) are left to the JSON. */
export function Values({
  values,
  all = false,
}: {
  values: Readonly<Record<string, unknown>>;
  all?: boolean;
}) {
  const shown = Object.entries(values).filter(([, value]) => all || says(value));
  return (
    <dl className={styles.values}>
      {shown.map(([key, value]) => (
        <div key={key}>
          <dt>{key}</dt>
          <dd>
            <Value value={value} />
          </dd>
        </div>
      ))}
    </dl>
  );
}

function says(value: unknown): boolean {
  if (value === null || value === undefined || value === false || value === "") return false;
  if (Array.isArray(value)) return value.length > 0;
  return !isRecord(value) || Object.values(value).some(says);
}

function Value({ value }: { value: unknown }) {
  if (Array.isArray(value)) {
    return (
      <span className={styles.words}>
        {value.map((item, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: items of one value, which never change places
          <span key={at} className={styles.word}>
            {isRecord(item) ? <Inline value={item} /> : pretty(item)}
          </span>
        ))}
      </span>
    );
  }
  if (value === null || value === "") return "—";
  return isRecord(value) ? <Inline value={value} /> : pretty(value);
}

function Inline({ value }: { value: Record<string, unknown> }) {
  const entries = Object.entries(value).filter(([, item]) => says(item));
  return (
    <span className={styles.inline}>
      {entries.map(([key, item]) => (
        <span key={key}>
          <span className={styles.key}>{key}</span>{" "}
          {typeof item === "object" ? JSON.stringify(item) : String(item)}
        </span>
      ))}
    </span>
  );
}
