import { createContext, type ReactNode, useCallback, useContext, useEffect, useMemo, useState } from "react";
import type { Bilingual, Language } from "@/api/types";
import { readStored, store } from "@/lib/storage";
import { type Message, type Params, translate } from "./message";

export type Translate = (message: Message, params?: Params) => string;

interface LanguageState {
  language: Language;
  setLanguage: (language: Language) => void;
  t: Translate;
  /** The side of a text that the service sends in both languages. */
  pick: (text: Bilingual | null | undefined) => string;
}

const LanguageContext = createContext<LanguageState | null>(null);

function isLanguage(value: unknown): value is Language {
  return value === "zh" || value === "en";
}

/** `?lang=` wins, then the last choice, then the browser's languages. */
export function initialLanguage(): Language {
  const wanted = new URLSearchParams(window.location.search).get("lang");
  if (isLanguage(wanted)) {
    store("language", wanted);
    return wanted;
  }
  const stored = readStored("language");
  if (isLanguage(stored)) return stored;
  return /^zh\b/i.test(navigator.language) ? "zh" : "en";
}

export function LanguageProvider({ children }: { children: ReactNode }) {
  const [language, setState] = useState<Language>(initialLanguage);
  useEffect(() => {
    document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
  }, [language]);
  const setLanguage = useCallback((next: Language) => {
    store("language", next);
    setState(next);
  }, []);
  const state = useMemo<LanguageState>(
    () => ({
      language,
      setLanguage,
      t: (message, params) => translate(language, message, params),
      pick: (text) => (text ? text[language] || text.zh || text.en : ""),
    }),
    [language, setLanguage],
  );
  return <LanguageContext.Provider value={state}>{children}</LanguageContext.Provider>;
}

export function useLanguage(): LanguageState {
  const state = useContext(LanguageContext);
  if (!state) throw new Error("useLanguage outside LanguageProvider");
  return state;
}

/** Most components need only this: `const t = useT(); t(m.title)`. */
export function useT(): Translate {
  return useLanguage().t;
}
