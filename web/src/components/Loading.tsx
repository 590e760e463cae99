import { Skeleton } from "antd";
import { useT } from "@/i18n/language";
import { m } from "./messages";

/** Grey lines while something is on its way; says so to a screen reader. */
export function Loading({ rows = 4 }: { rows?: number }) {
  const t = useT();
  return (
    <div role="status" aria-label={t(m.loading)}>
      <Skeleton active title={false} paragraph={{ rows }} />
    </div>
  );
}
