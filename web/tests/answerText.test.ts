import { describe, expect, it } from "vitest";
import type { Figure } from "@/api/types";
import { answerBlocks, type Block, type Segment } from "@/lib/answerText";

const figure = (start: number, end: number, row = 0): Figure => ({
  start,
  end,
  citation: 1,
  row,
  column: "amount",
});
const words = (segments: Segment[]) =>
  segments
    .map((s) => (s.kind === "citation" ? `[${s.number}]` : s.kind === "figure" ? `<${s.text}>` : s.text))
    .join("");
const show = (blocks: Block[]) =>
  blocks.map((block) => (block.kind === "list" ? block.items.map(words) : words(block.segments)));

describe("the text of an answer", () => {
  it("marks figures and citations", () => {
    // 2 0 2 6 年 销 售 额 为 _ → the figure starts at code point 10 and has 8
    const text = "2026年销售额为 1.5418亿元 [1]。";
    expect(show(answerBlocks(text, [figure(10, 18)], new Set([1])))).toEqual([
      "2026年销售额为 <1.5418亿元>[1]。",
    ]);
  });

  it("counts code points, not UTF-16 units", () => {
    // 𠮷 is one code point and two units: the figure starts at code point 3
    const text = "𠮷店：12 万";
    expect(show(answerBlocks(text, [figure(3, 5)], new Set()))).toEqual(["𠮷店：<12> 万"]);
  });

  it("makes a list of lines that start with a dash, with figures in place", () => {
    const text = "共 2 行 [1]：\n- 华东：331.27万元\n- 西南：223.09万元\n合计 554.36万元";
    const at = (part: string) => figure(text.indexOf(part), text.indexOf(part) + part.length);
    const figures = [at("223.09万元"), at("331.27万元"), at("554.36万元")];
    expect(show(answerBlocks(text, figures, new Set([1])))).toEqual([
      "共 2 行[1]：",
      ["华东：<331.27万元>", "西南：<223.09万元>"],
      "合计 <554.36万元>",
    ]);
  });

  it("leaves marks alone that no citation has", () => {
    expect(show(answerBlocks("见 [2] 与 [1]", [], new Set([1])))).toEqual(["见 [2] 与[1]"]);
  });

  it("survives ranges that overlap, are empty or lie outside", () => {
    const text = "abcdef";
    const figures = [figure(1, 3), figure(2, 4), figure(5, 5), figure(4, 99), figure(-1, 2)];
    expect(show(answerBlocks(text, figures, new Set()))).toEqual(["a<bc>def"]);
  });

  it("never loses a character", () => {
    const text = "甲 [1] 1\n\n- 乙 2\n- 丙 3 [1]\n丁";
    const shown = show(answerBlocks(text, [figure(6, 7)], new Set([1])))
      .flat()
      .join("")
      .replace(/[<>]/g, "");
    expect(shown).toBe("甲[1] 1乙 2丙 3[1]丁");
  });
});
