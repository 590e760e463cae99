import { type ComponentProps, useLayoutEffect, useRef } from "react";
import styles from "./GrowingTextArea.module.css";

interface Props extends Omit<ComponentProps<"textarea">, "value" | "rows"> {
  value: string;
  minRows?: number;
  maxRows?: number;
}

/**
 * A text field as high as its text. Ant Design's own measures with an inline style attribute, which
 * the Content-Security-Policy forbids.
 */
export function GrowingTextArea({ value, minRows = 1, maxRows = 8, className, ref, ...rest }: Props) {
  const area = useRef<HTMLTextAreaElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the text is the trigger
  useLayoutEffect(() => {
    const element = area.current;
    if (!element) return;
    element.style.height = "auto";
    const line = Number.parseFloat(getComputedStyle(element).lineHeight) || 24;
    const edge = element.offsetHeight - element.clientHeight + 12;
    element.style.height = `${Math.min(element.scrollHeight, line * maxRows + edge)}px`;
  }, [value, maxRows]);

  return (
    <textarea
      {...rest}
      ref={(element) => {
        area.current = element;
        if (typeof ref === "function") ref(element);
        else if (ref) ref.current = element;
      }}
      rows={minRows}
      value={value}
      className={`${styles.area} ${className ?? ""}`}
    />
  );
}
