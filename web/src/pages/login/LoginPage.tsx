import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Button, Input } from "antd";
import { type FormEvent, useId, useState } from "react";
import { api } from "@/api/client";
import { ApiError, toProblem } from "@/api/http";
import { Logo } from "@/components/Logo";
import { ProblemNotice } from "@/components/ProblemNotice";
import { useLanguage, useT } from "@/i18n/language";
import { rememberTokenSession } from "@/lib/tokenSession";
import { useDocumentTitle } from "@/lib/useDocumentTitle";
import styles from "./LoginPage.module.css";
import { m } from "./messages";

/** Exchanges a token for a session cookie. */
export function LoginPage() {
  const t = useT();
  const { language, setLanguage } = useLanguage();
  const field = useId();
  const [token, setToken] = useState("");
  const client = useQueryClient();
  const login = useMutation({
    mutationFn: api.login,
    onSuccess: () => {
      rememberTokenSession();
      return client.resetQueries();
    },
  });
  useDocumentTitle(t(m.title));

  const refused = login.error instanceof ApiError && [401, 403].includes(login.error.problem.status);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (token.trim()) login.mutate(token.trim());
  };

  return (
    <main className={styles.page}>
      <form className={styles.card} onSubmit={submit}>
        <div className={styles.brand}>
          <Logo size={36} />
          <span>{t(m.tagline)}</span>
        </div>
        <h1 className={styles.title}>{t(m.title)}</h1>
        <p className={styles.hint}>{t(m.hint)}</p>
        <label htmlFor={field} className={styles.label}>
          {t(m.token)}
        </label>
        <Input.Password
          id={field}
          size="large"
          autoFocus
          autoComplete="current-password"
          value={token}
          status={refused ? "error" : ""}
          aria-describedby={refused ? `${field}-error` : undefined}
          onChange={(event) => setToken(event.target.value)}
        />
        {refused ? (
          <p id={`${field}-error`} className={styles.error} role="alert">
            {t(m.wrong)}
          </p>
        ) : null}
        {login.isError && !refused ? <ProblemNotice problem={toProblem(login.error)} /> : null}
        <Button
          type="primary"
          size="large"
          htmlType="submit"
          block
          loading={login.isPending}
          disabled={!token.trim()}
        >
          {t(m.signIn)}
        </Button>
        <button
          type="button"
          className={styles.language}
          lang={language === "zh" ? "en" : "zh-CN"}
          onClick={() => setLanguage(language === "zh" ? "en" : "zh")}
        >
          {language === "zh" ? "English" : "中文"}
        </button>
      </form>
    </main>
  );
}
