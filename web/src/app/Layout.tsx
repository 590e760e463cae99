import { MenuFoldOutlined, MenuUnfoldOutlined } from "@ant-design/icons";
import { Drawer } from "antd";
import { Suspense, useEffect, useState } from "react";
import { Outlet, useLocation } from "react-router";
import { Loading } from "@/components/Loading";
import { Logo } from "@/components/Logo";
import { useT } from "@/i18n/language";
import { readStored, store } from "@/lib/storage";
import { NARROW, useMediaQuery } from "@/lib/useMediaQuery";
import { Header } from "./Header";
import styles from "./Layout.module.css";
import { m } from "./messages";
import { SideNav } from "./SideNav";

/** The frame of every page: navigation at the side (a drawer on narrow screens), header, content. */
export function Layout() {
  const t = useT();
  const narrow = useMediaQuery(NARROW);
  const [collapsed, setCollapsed] = useState(readStored("nav") === "collapsed");
  const [drawerOpen, setDrawerOpen] = useState(false);
  const { pathname } = useLocation();

  // Going to a page closes the drawer that led there.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the path is the trigger
  useEffect(() => setDrawerOpen(false), [pathname]);

  const toggle = () => {
    store("nav", collapsed ? "open" : "collapsed");
    setCollapsed(!collapsed);
  };

  return (
    <div className={styles.frame}>
      <a href="#content" className={styles.skip}>
        {t(m.skip)}
      </a>
      {narrow ? (
        <Drawer
          open={drawerOpen}
          onClose={() => setDrawerOpen(false)}
          placement="left"
          size={264}
          closable={false}
          aria-label={t(m.mainNavigation)}
          styles={{ body: { padding: 0 } }}
          className={styles.drawer}
        >
          <div className={styles.drawerNav}>
            <Brand />
            <SideNav collapsed={false} />
          </div>
        </Drawer>
      ) : (
        <aside className={styles.side} data-collapsed={collapsed}>
          <Brand collapsed={collapsed} />
          <SideNav collapsed={collapsed} />
          <button
            type="button"
            className={styles.fold}
            onClick={toggle}
            aria-label={t(collapsed ? m.expandNavigation : m.collapseNavigation)}
          >
            {collapsed ? <MenuUnfoldOutlined /> : <MenuFoldOutlined />}
          </button>
        </aside>
      )}
      <div className={styles.main}>
        <Header {...(narrow ? { onMenu: () => setDrawerOpen(true) } : {})} />
        <main id="content" className={styles.content} tabIndex={-1}>
          <Suspense fallback={<Loading />}>
            <Outlet />
          </Suspense>
        </main>
      </div>
    </div>
  );
}

function Brand({ collapsed = false }: { collapsed?: boolean }) {
  return (
    <div className={styles.brand}>
      <Logo size={26} />
      {collapsed ? null : <span className={styles.word}>Leadline</span>}
    </div>
  );
}
