import { describe, expect, it } from "vitest";
import { type Palette, palettes, type ThemeName } from "@/theme/palette";

type Colour = Exclude<keyof Palette, "series" | "shadow">;

function luminance(hex: string): number {
  const parts = [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16) / 255);
  const [r = 0, g = 0, b = 0] = parts.map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a: string, b: string): number {
  const [low = 0, high = 0] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (high + 0.05) / (low + 0.05);
}

// WCAG 2.2 AA: 4.5 for text.
const TEXT: [Colour, Colour[]][] = [
  ["text", ["canvas", "surface", "sunken", "raised", "primarySoft", "signalSoft"]],
  ["textSoft", ["canvas", "surface", "sunken", "raised", "primarySoft", "badSoft"]],
  ["textFaint", ["canvas", "surface", "sunken"]],
  ["primary", ["canvas", "surface", "sunken", "primarySoft"]],
  ["onPrimary", ["primary", "primaryHover"]],
  ["signalText", ["surface", "signalSoft"]],
  ["good", ["surface", "canvas", "goodSoft", "sunken"]],
  ["warn", ["surface", "canvas", "warnSoft"]],
  ["bad", ["surface", "canvas", "badSoft"]],
  ["navText", ["navGround", "navActive"]],
  ["navTextSoft", ["navGround", "navActive"]],
];
// 3 for what is not text but must be seen: focus rings and marks.
const MARKS: [Colour, Colour[]][] = [["signal", ["surface", "canvas"]]];

describe.each(Object.keys(palettes) as ThemeName[])("colours of the %s theme", (name) => {
  const palette = palettes[name];
  it.each(TEXT.flatMap(([ink, grounds]) => grounds.map((ground) => ({ ink, ground }))))(
    "$ink on $ground is readable",
    ({ ink, ground }) => {
      expect(contrast(palette[ink], palette[ground])).toBeGreaterThanOrEqual(4.5);
    },
  );
  it.each(MARKS.flatMap(([ink, grounds]) => grounds.map((ground) => ({ ink, ground }))))(
    "$ink on $ground is visible",
    ({ ink, ground }) => {
      expect(contrast(palette[ink], palette[ground])).toBeGreaterThanOrEqual(3);
    },
  );
});
