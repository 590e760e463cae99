import { MenuOutlined } from "@ant-design/icons";
import { useQuery } from "@tanstack/react-query";
import { Button } from "antd";
import { queries } from "@/api/queries";
import { useT } from "@/i18n/language";
import styles from "./Header.module.css";
import { m } from "./messages";
import { LanguageSwitch, ThemeSwitch } from "./Switches";
import { useSession } from "./session";
import { UserMenu } from "./UserMenu";

/** Which instance this is, how fresh its data are, and what the person can set. */
export function Header({ onMenu }: { onMenu?: () => void }) {
  const t = useT();
  const { instance } = useSession();
  return (
    <header className={styles.header}>
      {onMenu ? (
        <Button type="text" icon={<MenuOutlined />} onClick={onMenu} aria-label={t(m.openNavigation)} />
      ) : null}
      <span className={styles.instance} title={instance.name}>
        {instance.name}
      </span>
      <Freshness />
      <span className={styles.space} />
      <LanguageSwitch />
      <ThemeSwitch />
      <UserMenu />
    </header>
  );
}

function Freshness() {
  const t = useT();
  const ready = useQuery(queries.readiness());
  if (ready.isPending) return null;
  const asOf = ready.data?.as_of;
  return (
    <span className={styles.freshness} data-ready={Boolean(asOf)}>
      <span className={styles.dot} aria-hidden="true" />
      <span>{asOf ? t(m.asOf, { date: asOf }) : t(m.noData)}</span>
      {ready.data?.snapshot ? (
        <span className={styles.snapshot}>{t(m.snapshot, { number: ready.data.snapshot })}</span>
      ) : null}
    </span>
  );
}
