import { Dropdown, type DropdownProps, type MenuProps } from "antd";
import { type ReactElement, useRef } from "react";

interface Props extends DropdownProps {
  menu: MenuProps;
  /** The button. */
  children: ReactElement;
}

/** A button that opens a menu: the focus goes into the menu, and back to the button when it closes. */
export function HeaderMenu({ menu, children, ...rest }: Props) {
  const place = useRef<HTMLSpanElement>(null);
  const onOpenChange = (open: boolean) => {
    // Not where a click elsewhere closed it: the focus belongs to what was clicked.
    if (open || !document.activeElement?.closest("[role=menu]")) return;
    place.current?.querySelector("button")?.focus();
  };
  const onClick: MenuProps["onClick"] = (item) => {
    // The Enter that chose must not press the button that gets the focus next.
    item.domEvent.preventDefault();
    menu.onClick?.(item);
  };
  return (
    <span ref={place}>
      <Dropdown
        {...rest}
        menu={{ ...menu, onClick }}
        autoFocus
        trigger={["click"]}
        onOpenChange={onOpenChange}
      >
        {children}
      </Dropdown>
    </span>
  );
}
