import { LogoutOutlined, UserOutlined } from "@ant-design/icons";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Button, type MenuProps } from "antd";
import { api } from "@/api/client";
import type { Session } from "@/api/types";
import { roleNames } from "@/components/roles";
import { type Translate, useT } from "@/i18n/language";
import { forgetTokenSession, hasTokenSession } from "@/lib/tokenSession";
import { HeaderMenu } from "./HeaderMenu";
import { m } from "./messages";
import { useSession } from "./session";
import styles from "./UserMenu.module.css";

/** Who is signed in, what they may see, which planner answers; and the way out. */
export function UserMenu() {
  const t = useT();
  const session = useSession();
  const client = useQueryClient();
  const logout = useMutation({
    mutationFn: api.logout,
    onSuccess: () => {
      forgetTokenSession();
      client.clear();
      window.location.assign("/");
    },
  });
  const items: MenuProps["items"] = [
    { key: "who", disabled: true, label: <Who session={session} t={t} />, className: styles.who ?? "" },
  ];
  if (hasTokenSession()) {
    items.push({ type: "divider" });
    items.push({ key: "logout", icon: <LogoutOutlined aria-hidden />, label: t(m.logout) });
  }
  return (
    <HeaderMenu
      placement="bottomRight"
      menu={{ items, onClick: ({ key }) => key === "logout" && logout.mutate() }}
    >
      <Button
        type="text"
        icon={<UserOutlined aria-hidden />}
        aria-label={`${t(m.userMenu)}: ${session.user.name}`}
      >
        <span className={styles.name}>{session.user.name}</span>
      </Button>
    </HeaderMenu>
  );
}

function Who({ session, t }: { session: Session; t: Translate }) {
  const { user, planner, version } = session;
  const scope: string[] = [];
  if (user.regions) scope.push(t(m.scopeRegions, { names: user.regions.join("、") }));
  if (user.partners) scope.push(t(m.scopePartners, { n: user.partners.length }));
  return (
    <div className={styles.card}>
      <strong>{user.name}</strong>
      {user.roles.length > 0 ? <span>{roleNames(user.roles, t)}</span> : null}
      <span>{scope.length > 0 ? scope.join("；") : t(m.scopeAll)}</span>
      <span>{planner.llm ? t(m.plannerLlm, { model: planner.llm.model }) : t(m.plannerRules)}</span>
      <span>{t(m.version, { version })}</span>
    </div>
  );
}
