import { CloseOutlined, PlusOutlined, SearchOutlined } from "@ant-design/icons";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Button, Drawer, Input } from "antd";
import { useDeferredValue, useState } from "react";
import { toProblem } from "@/api/http";
import { queries } from "@/api/queries";
import { Loading } from "@/components/Loading";
import { ProblemNotice } from "@/components/ProblemNotice";
import { useT } from "@/i18n/language";
import { m } from "../messages";
import { byAge } from "./groups";
import styles from "./History.module.css";
import { HistoryGroup } from "./HistoryGroup";

interface Props {
  current: string | undefined;
  onNew: () => void;
  /** A conversation was chosen. */
  onPick?: () => void;
}

/** Beside the conversation, on wide screens. */
export function HistoryPanel(props: Props) {
  const t = useT();
  return (
    <aside className={styles.panel} aria-label={t(m.history)}>
      <History {...props} />
    </aside>
  );
}

/** Over the conversation, on narrow screens. */
export function HistoryDrawer({ open, onClose, ...props }: Props & { open: boolean; onClose: () => void }) {
  const t = useT();
  return (
    <Drawer
      open={open}
      onClose={onClose}
      placement="left"
      size={320}
      closable={false}
      title={t(m.history)}
      extra={<Button type="text" icon={<CloseOutlined />} aria-label={t(m.close)} onClick={onClose} />}
      styles={{ body: { padding: 0 } }}
    >
      <History {...props} onPick={onClose} />
    </Drawer>
  );
}

function History({ current, onNew, onPick }: Props) {
  const t = useT();
  const [text, setText] = useState("");
  const wanted = useDeferredValue(text.trim());
  const list = useInfiniteQuery(queries.conversations(wanted));
  const items = list.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <div className={styles.history}>
      <div className={styles.head}>
        <Button block icon={<PlusOutlined aria-hidden />} onClick={onNew}>
          {t(m.newConversation)}
        </Button>
        <Input
          allowClear
          prefix={<SearchOutlined aria-hidden />}
          value={text}
          placeholder={t(m.search)}
          aria-label={t(m.search)}
          onChange={(event) => setText(event.target.value)}
        />
      </div>
      <nav className={styles.list} aria-label={t(m.history)}>
        {list.isPending ? <Loading rows={5} /> : null}
        {list.isError ? (
          <ProblemNotice problem={toProblem(list.error)} onRetry={() => void list.refetch()} />
        ) : null}
        {list.isSuccess && items.length === 0 ? (
          <p className={styles.none}>{t(wanted ? m.noMatch : m.noHistory)}</p>
        ) : null}
        {byAge(items, new Date()).map(([age, members]) => (
          <HistoryGroup key={age} title={t(m[age])} items={members} current={current} onPick={onPick} />
        ))}
        {list.hasNextPage ? (
          <Button
            type="text"
            block
            loading={list.isFetchingNextPage}
            onClick={() => void list.fetchNextPage()}
          >
            {t(m.more)}
          </Button>
        ) : null}
      </nav>
    </div>
  );
}
