import { Button } from "antd";
import { useRouteError } from "react-router";
import { EmptyState } from "@/components/EmptyState";
import { useT } from "@/i18n/language";
import { m } from "./messages";

/** Instead of a blank screen, when a page throws or its chunk is gone after an update. */
export function CrashPage() {
  const t = useT();
  const error = useRouteError();
  return (
    <EmptyState
      title={t(m.crashed)}
      hint={error instanceof Error ? error.message : ""}
      action={
        <Button type="primary" onClick={() => window.location.reload()}>
          {t(m.reload)}
        </Button>
      }
    />
  );
}
