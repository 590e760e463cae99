import { theme as antd, type ThemeConfig } from "antd";
import { fontFamily, monoFamily, palettes, type ThemeName } from "./palette";

/** Ant Design's tokens from our palette; `still` for readers who asked for reduced motion. */
export function antdTheme(name: ThemeName, still: boolean): ThemeConfig {
  const p = palettes[name];
  return {
    algorithm: name === "dark" ? antd.darkAlgorithm : antd.defaultAlgorithm,
    token: {
      colorPrimary: p.primary,
      colorInfo: p.primary,
      colorSuccess: p.good,
      colorWarning: p.warn,
      colorError: p.bad,
      colorLink: p.primary,
      colorLinkHover: p.primaryHover,
      colorText: p.text,
      colorTextSecondary: p.textSoft,
      colorTextTertiary: p.textFaint,
      colorTextPlaceholder: p.textFaint,
      colorTextDescription: p.textSoft,
      colorBgLayout: p.canvas,
      colorBgContainer: p.surface,
      colorBgElevated: p.raised,
      colorBorder: p.lineStrong,
      colorBorderSecondary: p.line,
      colorTextLightSolid: p.onPrimary,
      colorBgMask: name === "dark" ? "rgba(3, 9, 14, 0.6)" : "rgba(11, 33, 53, 0.38)",
      colorBgSpotlight: p.navActive,
      borderRadius: 8,
      borderRadiusSM: 6,
      borderRadiusLG: 12,
      fontFamily,
      fontFamilyCode: monoFamily,
      fontSize: 14,
      controlHeight: 34,
      wireframe: false,
      motion: !still,
    },
    components: {
      Tooltip: { colorTextLightSolid: p.navText },
      Button: { primaryShadow: "none", defaultShadow: "none", dangerShadow: "none" },
      Table: { headerBg: p.sunken, cellPaddingBlockSM: 6 },
      Drawer: { paddingLG: 20 },
    },
  };
}
