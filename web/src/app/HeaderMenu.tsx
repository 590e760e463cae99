import { Dropdown, type DropdownProps } from "antd";
import { type ReactElement, useRef } from "react";

/** A button that opens a menu: the focus goes into the menu, and back to the button when it closes. */
export function HeaderMenu({ children, ...menu }: DropdownProps & { children: ReactElement }) {
  const place = useRef<HTMLSpanElement>(null);
  const onOpenChange = (open: boolean) => {
    // Not where a click elsewhere closed it: the focus belongs to what was clicked.
    if (open || !document.activeElement?.closest("[role=menu]")) return;
    place.current?.querySelector("button")?.focus();
  };
  return (
    <span ref={place}>
      <Dropdown {...menu} autoFocus trigger={["click"]} onOpenChange={onOpenChange}>
        {children}
      </Dropdown>
    </span>
  );
}
