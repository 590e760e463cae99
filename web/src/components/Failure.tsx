import { toProblem } from "@/api/http";
import { useSession } from "@/app/session";
import { useT } from "@/i18n/language";
import { EmptyState } from "./EmptyState";
import { m } from "./messages";
import { ProblemNotice } from "./ProblemNotice";

/** In place of what could not be read: kindly where a role is missing, else with a retry. */
export function Failure({ error, onRetry }: { error: unknown; onRetry?: (() => void) | undefined }) {
  const t = useT();
  const { user } = useSession();
  const problem = toProblem(error);
  if (problem.status === 403) {
    return (
      <EmptyState
        title={t(m.forbiddenTitle)}
        hint={t(m.forbiddenHint, { name: user.name, roles: user.roles.join(", ") || "—" })}
      />
    );
  }
  return <ProblemNotice problem={problem} onRetry={onRetry} />;
}
