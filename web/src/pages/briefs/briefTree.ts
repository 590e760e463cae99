/**
 * The page of a brief, read into what we draw ourselves: no markup of it is ever put into the
 * document. Only what the service writes is known; anything else is its text.
 */
export type Inline =
  | { kind: "text"; text: string }
  | { kind: "figure"; text: string; citation: number }
  | { kind: "mark"; citation: number };

export interface Shape {
  tag: string;
  attributes: Record<string, string>;
  text: string;
  children: Shape[];
}
export interface BriefSection {
  key: string;
  title: string;
  ordered: boolean;
  lines: Inline[][];
  charts: { shape: Shape; caption: string }[];
}
export interface BriefTree {
  title: string;
  subtitle: string;
  /** In place of sections, where there is nothing to tell. */
  note: string;
  sections: BriefSection[];
  /** What each citation is, by its number. */
  sources: { number: number; name: string }[];
}

export function briefTree(html: string): BriefTree {
  // its print styles are not ours, and the policy complains of them even in a document never shown
  const bare = html.replace(/<style>[\s\S]*?<\/style>/g, "");
  const { body } = new DOMParser().parseFromString(bare, "text/html");
  const said = (selector: string) => body.querySelector(selector)?.textContent?.trim() ?? "";
  return {
    title: said("h1"),
    subtitle: said("p.sub"),
    note: said("body > p:not(.sub)"),
    sections: [...body.querySelectorAll("section:not(#sources)")].map(section),
    sources: [...body.querySelectorAll("#sources li")].map((item) => ({
      number: Number(item.id.slice(1)),
      name: [...item.childNodes]
        .filter((node) => node.nodeName !== "CODE")
        .map((node) => node.textContent)
        .join("")
        .trim(),
    })),
  };
}

function section(element: Element): BriefSection {
  return {
    key: element.id,
    title: element.querySelector("h2")?.textContent ?? "",
    ordered: element.querySelector("ol") !== null,
    lines: [...element.querySelectorAll("li")].map(inlines),
    charts: [...element.querySelectorAll("figure")].flatMap((figure) => {
      const svg = figure.querySelector("svg");
      const caption = figure.querySelector("figcaption")?.textContent ?? "";
      return svg ? [{ shape: shape(svg), caption }] : [];
    }),
  };
}

function inlines(item: Element): Inline[] {
  return [...item.childNodes].map((node): Inline => {
    const text = node.textContent ?? "";
    if (node instanceof Element && node.matches("b.f"))
      return { kind: "figure", text, citation: Number(node.getAttribute("data-citation")) };
    if (node instanceof Element && node.matches("a.mark"))
      return { kind: "mark", citation: Number(text.replace(/\D/g, "")) };
    return { kind: "text", text };
  });
}

const SHAPES = new Set(["svg", "g", "rect", "circle", "line", "polyline", "polygon", "path", "text"]);
const ATTRIBUTES = new Set([
  "viewBox",
  "x",
  "y",
  "x1",
  "x2",
  "y1",
  "y2",
  "cx",
  "cy",
  "r",
  "d",
  "width",
  "height",
  "points",
  "fill",
  "stroke",
  "stroke-width",
  "stroke-dasharray",
  "text-anchor",
]);

function shape(element: Element): Shape {
  const kept = [...element.attributes].filter(({ name }) => ATTRIBUTES.has(name));
  return {
    tag: element.tagName,
    attributes: Object.fromEntries(kept.map(({ name, value }) => [name, value])),
    text: element.tagName === "text" ? (element.textContent ?? "") : "",
    children: [...element.children].filter(({ tagName }) => SHAPES.has(tagName)).map(shape),
  };
}
