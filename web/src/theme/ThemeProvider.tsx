import { App as AntApp, ConfigProvider } from "antd";
import enUS from "antd/locale/en_US";
import zhCN from "antd/locale/zh_CN";
import {
  createContext,
  type ReactNode,
  useCallback,
  useContext,
  useEffect,
  useLayoutEffect,
  useMemo,
  useState,
} from "react";
import { useLanguage } from "@/i18n/language";
import { cspNonce } from "@/lib/csp";
import { readStored, store } from "@/lib/storage";
import { useMediaQuery } from "@/lib/useMediaQuery";
import { antdTheme } from "./antd";
import { applyTheme } from "./apply";
import { type Palette, palettes, type ThemeName } from "./palette";

export type ThemeChoice = ThemeName | "system";

interface ThemeState {
  /** What the person chose; `system` follows the operating system. */
  choice: ThemeChoice;
  setChoice: (choice: ThemeChoice) => void;
  name: ThemeName;
  palette: Palette;
}

const ThemeContext = createContext<ThemeState | null>(null);
const darkQuery = "(prefers-color-scheme: dark)";

function overlays(): HTMLElement {
  return document.getElementById("overlays") ?? document.body;
}

function storedChoice(): ThemeChoice {
  const stored = readStored("theme");
  return stored === "light" || stored === "dark" ? stored : "system";
}

export function ThemeProvider({ children }: { children: ReactNode }) {
  const { language } = useLanguage();
  const [choice, setState] = useState<ThemeChoice>(storedChoice);
  const [systemDark, setSystemDark] = useState(() => window.matchMedia(darkQuery).matches);

  useEffect(() => {
    const media = window.matchMedia(darkQuery);
    const follow = () => setSystemDark(media.matches);
    media.addEventListener("change", follow);
    return () => media.removeEventListener("change", follow);
  }, []);

  const still = useMediaQuery("(prefers-reduced-motion: reduce)");
  const name: ThemeName = choice === "system" ? (systemDark ? "dark" : "light") : choice;
  useLayoutEffect(() => applyTheme(name), [name]);

  const setChoice = useCallback((next: ThemeChoice) => {
    store("theme", next);
    setState(next);
  }, []);
  const state = useMemo<ThemeState>(
    () => ({ choice, setChoice, name, palette: palettes[name] }),
    [choice, setChoice, name],
  );

  return (
    <ThemeContext.Provider value={state}>
      <ConfigProvider
        theme={antdTheme(name, still)}
        locale={language === "zh" ? zhCN : enUS}
        csp={{ nonce: cspNonce() }}
        button={{ autoInsertSpace: false }}
        getPopupContainer={overlays}
      >
        <AntApp component={false}>{children}</AntApp>
      </ConfigProvider>
    </ThemeContext.Provider>
  );
}

export function useTheme(): ThemeState {
  const state = useContext(ThemeContext);
  if (!state) throw new Error("useTheme outside ThemeProvider");
  return state;
}
