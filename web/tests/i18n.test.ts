import { describe, expect, it } from "vitest";
import { type Message, translate } from "@/i18n/message";

const modules = import.meta.glob<{ m: Record<string, Message> }>("../src/**/messages.ts", { eager: true });
const messages = Object.entries(modules).flatMap(([file, { m }]) =>
  Object.entries(m).map(([key, message]) => ({ name: `${file} ${key}`, message })),
);
const names = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? "");
const english = (message: Message) => (typeof message.en === "string" ? [message.en] : [...message.en]);

describe("every text in both languages", () => {
  it("finds the catalogues", () => {
    expect(Object.keys(modules).length).toBeGreaterThan(3);
    expect(messages.length).toBeGreaterThan(100);
  });

  it.each(messages)("$name", ({ message }) => {
    expect(message.zh.trim()).not.toBe("");
    for (const text of english(message)) {
      expect(text.trim()).not.toBe("");
      expect(text, "Chinese in an English text").not.toMatch(/[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]/);
      // A singular may leave the number out; nothing else may differ.
      const wanted = new Set(names(message.zh));
      for (const name of names(text)) expect(wanted).toContain(name);
    }
    const said = new Set(english(message).flatMap(names));
    expect([...said].sort()).toEqual([...new Set(names(message.zh))].sort());
  });
});

describe("translate", () => {
  const rows: Message = { zh: "{n} 行", en: ["{n} row", "{n} rows"] };

  it("fills parameters and chooses the number", () => {
    expect(translate("zh", rows, { n: 1 })).toBe("1 行");
    expect(translate("en", rows, { n: 1 })).toBe("1 row");
    expect(translate("en", rows, { n: "1,234" })).toBe("1,234 rows");
  });

  it("leaves a parameter visible that nobody gave", () => {
    expect(translate("en", { zh: "{a}", en: "{a}" })).toBe("{a}");
  });
});
