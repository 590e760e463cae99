import { Tooltip } from "antd";
import { NavLink } from "react-router";
import { useT } from "@/i18n/language";
import { m } from "./messages";
import { navigation } from "./navigation";
import styles from "./SideNav.module.css";

/** Groups of links; only icons with tooltips when collapsed. */
export function SideNav({ collapsed }: { collapsed: boolean }) {
  const t = useT();
  return (
    <nav className={styles.nav} aria-label={t(m.mainNavigation)} data-collapsed={collapsed}>
      {navigation.map((group) => (
        <section key={group.label.en as string} className={styles.group}>
          {collapsed ? null : <h2 className={styles.heading}>{t(group.label)}</h2>}
          <ul className={styles.list}>
            {group.items.map((item) => (
              <li key={item.path}>
                <Tooltip title={collapsed ? t(item.label) : ""} placement="right">
                  <NavLink to={item.path} className={styles.link} aria-label={t(item.label)}>
                    <span className={styles.icon} aria-hidden="true">
                      {item.icon}
                    </span>
                    {collapsed ? null : <span>{t(item.label)}</span>}
                  </NavLink>
                </Tooltip>
              </li>
            ))}
          </ul>
        </section>
      ))}
    </nav>
  );
}
