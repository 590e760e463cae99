import type { Language } from "@/api/types";

/** A text in both languages. `{name}` is replaced by a parameter; English may be [one, other] by `{n}`. */
export interface Message {
  readonly zh: string;
  readonly en: string | readonly [one: string, other: string];
}
export type Params = Record<string, string | number>;

/** A catalogue: the type makes a text without one of the languages a compile error. */
export function defineMessages<T extends Record<string, Message>>(messages: T): T {
  return messages;
}

export function translate(language: Language, message: Message, params: Params = {}): string {
  const text = language === "zh" ? message.zh : english(message, params);
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = params[name];
    return value === undefined ? whole : String(value);
  });
}

function english(message: Message, params: Params): string {
  if (typeof message.en === "string") return message.en;
  return Number(params.n) === 1 ? message.en[0] : message.en[1];
}
