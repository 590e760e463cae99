import { DesktopOutlined, MoonOutlined, SunOutlined } from "@ant-design/icons";
import { Button } from "antd";
import { useLanguage } from "@/i18n/language";
import { type ThemeChoice, useTheme } from "@/theme/ThemeProvider";
import { HeaderMenu } from "./HeaderMenu";
import { m } from "./messages";

export function LanguageSwitch() {
  const { language, setLanguage, t } = useLanguage();
  const other = language === "zh" ? "en" : "zh";
  const name = other === "zh" ? "中文" : "English";
  return (
    <Button
      type="text"
      onClick={() => setLanguage(other)}
      title={`${t(m.language)}: ${name}`}
      lang={other === "zh" ? "zh-CN" : "en"}
    >
      {other === "zh" ? "中文" : "EN"}
    </Button>
  );
}

export function ThemeSwitch() {
  const { t } = useLanguage();
  const { choice, setChoice, name } = useTheme();
  const items = [
    { key: "light", icon: <SunOutlined aria-hidden />, label: t(m.themeLight) },
    { key: "dark", icon: <MoonOutlined aria-hidden />, label: t(m.themeDark) },
    { key: "system", icon: <DesktopOutlined aria-hidden />, label: t(m.themeSystem) },
  ];
  return (
    <HeaderMenu
      menu={{
        items,
        selectable: true,
        selectedKeys: [choice],
        onClick: ({ key }) => setChoice(key as ThemeChoice),
      }}
    >
      <Button
        type="text"
        icon={name === "dark" ? <MoonOutlined aria-hidden /> : <SunOutlined aria-hidden />}
        aria-label={t(m.theme)}
      />
    </HeaderMenu>
  );
}
