import { Link } from "react-router";
import { Failure } from "@/components/Failure";
import { useT } from "@/i18n/language";
import { m } from "./messages";

/** A section that could not be read; what can be asked is open to everybody. */
export function DataFailure({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  const t = useT();
  return <Failure error={error} onRetry={onRetry} instead={<Link to="/data/model">{t(m.toModel)}</Link>} />;
}
