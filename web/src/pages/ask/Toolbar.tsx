import { EditOutlined, HistoryOutlined } from "@ant-design/icons";
import { Button, Tooltip } from "antd";
import { useT } from "@/i18n/language";
import { m } from "./messages";
import styles from "./Toolbar.module.css";

interface Props {
  title: string;
  historyShown: boolean;
  onHistory: () => void;
  /** Absent where the list of conversations offers it already. */
  onNew?: (() => void) | undefined;
}

/** Above the conversation: its title, the way to the others, and a new one. */
export function Toolbar({ title, historyShown, onHistory, onNew }: Props) {
  const t = useT();
  const history = t(historyShown ? m.hideHistory : m.openHistory);
  return (
    <div className={styles.toolbar}>
      <Tooltip title={history} placement="bottomLeft">
        <Button
          type="text"
          icon={<HistoryOutlined />}
          aria-label={history}
          aria-expanded={historyShown}
          onClick={onHistory}
        />
      </Tooltip>
      <h1 className={styles.title}>{title || t(m.title)}</h1>
      {onNew ? (
        <Tooltip title={t(m.newConversation)} placement="bottomRight">
          <Button type="text" icon={<EditOutlined />} aria-label={t(m.newConversation)} onClick={onNew} />
        </Tooltip>
      ) : null}
    </div>
  );
}
