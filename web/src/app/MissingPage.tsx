import { Button } from "antd";
import { useNavigate } from "react-router";
import { EmptyState } from "@/components/EmptyState";
import { useT } from "@/i18n/language";
import { useDocumentTitle } from "@/lib/useDocumentTitle";
import { m } from "./messages";

export function MissingPage() {
  const t = useT();
  const navigate = useNavigate();
  useDocumentTitle(t(m.pageMissing));
  return (
    <EmptyState
      title={t(m.pageMissing)}
      hint={t(m.pageMissingHint)}
      action={
        <Button type="primary" onClick={() => navigate("/ask")}>
          {t(m.toAsk)}
        </Button>
      }
    />
  );
}
