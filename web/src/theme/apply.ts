import { fontFamily, monoFamily, palettes, type ThemeName } from "./palette";

function kebab(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** Puts a theme's colours into the CSS variables of the document (through CSSOM, as CSP allows). */
export function applyTheme(name: ThemeName): void {
  const root = document.documentElement;
  root.dataset.theme = name;
  for (const [key, value] of Object.entries(palettes[name])) {
    if (typeof value === "string") root.style.setProperty(`--ll-${kebab(key)}`, value);
  }
  palettes[name].series.forEach((colour, index) => {
    root.style.setProperty(`--ll-series-${index}`, colour);
  });
  root.style.setProperty("--ll-font", fontFamily);
  root.style.setProperty("--ll-mono", monoFamily);
}
