import { useState } from "react";
import { useNavigate, useParams } from "react-router";
import { EvidenceProvider } from "@/components/evidence/EvidenceProvider";
import { useT } from "@/i18n/language";
import { readStored, store } from "@/lib/storage";
import { useDocumentTitle } from "@/lib/useDocumentTitle";
import { NARROW, useMediaQuery } from "@/lib/useMediaQuery";
import styles from "./AskPage.module.css";
import { Conversation } from "./Conversation";
import { HistoryDrawer, HistoryPanel } from "./history/History";
import { m } from "./messages";
import { Toolbar } from "./Toolbar";
import { useThread } from "./useThread";

/** `/ask` begins a conversation, `/ask/ID` goes on with one, `#ANSWER` scrolls to an answer. */
export function Component() {
  const t = useT();
  const { conversationId } = useParams();
  const navigate = useNavigate();
  const narrow = useMediaQuery(NARROW);
  const [panel, setPanel] = useState(readStored("history") !== "hidden");
  const [drawer, setDrawer] = useState(false);
  const thread = useThread(conversationId);
  useDocumentTitle(thread.title || t(m.title));

  const togglePanel = () => {
    store("history", panel ? "hidden" : "shown");
    setPanel(!panel);
  };
  const startNew = () => {
    setDrawer(false);
    void navigate("/ask");
  };

  return (
    <EvidenceProvider>
      <div className={styles.page}>
        {narrow ? (
          <HistoryDrawer
            open={drawer}
            onClose={() => setDrawer(false)}
            current={conversationId}
            onNew={startNew}
          />
        ) : panel ? (
          <HistoryPanel current={conversationId} onNew={startNew} />
        ) : null}
        <div className={styles.main}>
          <Toolbar
            title={thread.title}
            historyShown={narrow ? drawer : panel}
            onHistory={narrow ? () => setDrawer(true) : togglePanel}
            onNew={narrow || !panel ? startNew : undefined}
          />
          <Conversation key={conversationId ? "thread" : "new"} thread={thread} id={conversationId} />
        </div>
      </div>
    </EvidenceProvider>
  );
}
