/**
 * The only place with colours: deep sea and paper, with the orange of a signal buoy. Each theme
 * fills the CSS variables `--ll-…` (see apply.ts) and Ant Design's tokens (see antd.ts);
 * tests/contrast.test.ts holds every pair of text and ground to WCAG AA.
 */
export type ThemeName = "light" | "dark";

export interface Palette {
  canvas: string;
  surface: string;
  sunken: string;
  raised: string;
  line: string;
  lineStrong: string;
  text: string;
  textSoft: string;
  textFaint: string;
  primary: string;
  primaryHover: string;
  primarySoft: string;
  onPrimary: string;
  signal: string;
  signalText: string;
  signalSoft: string;
  good: string;
  goodSoft: string;
  warn: string;
  warnSoft: string;
  bad: string;
  badSoft: string;
  navGround: string;
  navText: string;
  navTextSoft: string;
  navActive: string;
  shadow: string;
  /** Series of charts, in order; the first two carry "now" and "before". */
  series: readonly string[];
}

export const palettes: Record<ThemeName, Palette> = {
  light: {
    canvas: "#f4f7f9",
    surface: "#ffffff",
    sunken: "#edf2f5",
    raised: "#ffffff",
    line: "#dbe4ea",
    lineStrong: "#b9c8d2",
    text: "#0f2231",
    textSoft: "#43596a",
    textFaint: "#5b7080",
    primary: "#0c6378",
    primaryHover: "#0a5264",
    primarySoft: "#e2f1f4",
    onPrimary: "#ffffff",
    signal: "#dc6218",
    signalText: "#a8460c",
    signalSoft: "#fdeee3",
    good: "#1a6e4a",
    goodSoft: "#e3f3eb",
    warn: "#8a5a00",
    warnSoft: "#fdf3dc",
    bad: "#b3261e",
    badSoft: "#fbe9e7",
    navGround: "#0b2135",
    navText: "#eaf1f6",
    navTextSoft: "#a3b8c8",
    navActive: "#17374f",
    shadow: "0 8px 28px rgba(15, 34, 49, 0.12)",
    series: ["#0c6378", "#b6c9d3", "#dc6218", "#4f8fc0", "#7a9a3a", "#8a6bb1", "#c9a227", "#b2506b"],
  },
  dark: {
    canvas: "#0a151f",
    surface: "#101f2c",
    sunken: "#0c1924",
    raised: "#162a3a",
    line: "#223647",
    lineStrong: "#3a5266",
    text: "#e6eef4",
    textSoft: "#a9bccb",
    textFaint: "#8ea4b5",
    primary: "#5cc0d3",
    primaryHover: "#83d3e2",
    primarySoft: "#12333f",
    onPrimary: "#06202a",
    signal: "#f08a45",
    signalText: "#f5a76f",
    signalSoft: "#36241a",
    good: "#6fce9f",
    goodSoft: "#12312a",
    warn: "#e6b84f",
    warnSoft: "#33290f",
    bad: "#ff8a80",
    badSoft: "#3a1d1f",
    navGround: "#081019",
    navText: "#e6eef4",
    navTextSoft: "#93a9b9",
    navActive: "#14293a",
    shadow: "0 10px 32px rgba(0, 0, 0, 0.45)",
    series: ["#5cc0d3", "#587488", "#f08a45", "#7fb2e0", "#a8c66c", "#b79adb", "#e2c35a", "#e08aa3"],
  },
};

/** Fonts that the reader's own system has; nothing is fetched. */
export const fontFamily =
  'system-ui, -apple-system, "Segoe UI", "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "Noto Sans SC", "Helvetica Neue", Arial, sans-serif';
export const monoFamily =
  'ui-monospace, "SF Mono", "Cascadia Mono", Menlo, Consolas, "Noto Sans Mono CJK SC", monospace';
