import { useT } from "@/i18n/language";
import { text } from "../attributes";
import { m } from "../messages";
import { Part, Template } from "./blocks";
import type { DetailsProps } from "./SpanPane";

export const templateKeys = ["template"];

/** What the narrator wrote, before its places were filled. */
export function TemplateDetails({ span }: DetailsProps) {
  const t = useT();
  const template = text(span.attributes, "template");
  return template ? (
    <Part title={t(m.template)} aside={t(m.templateHint)}>
      <Template text={template} label={t(m.template)} />
    </Part>
  ) : null;
}
