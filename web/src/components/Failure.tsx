import type { ReactNode } from "react";
import { toProblem } from "@/api/http";
import { useSession } from "@/app/session";
import { useT } from "@/i18n/language";
import { EmptyState } from "./EmptyState";
import { m } from "./messages";
import { ProblemNotice } from "./ProblemNotice";
import { roleNames } from "./roles";

interface Props {
  error: unknown;
  onRetry?: (() => void) | undefined;
  /** Where those who may not see this can go. */
  instead?: ReactNode;
}

/** In place of what could not be read: kindly where a role is missing, else with a retry. */
export function Failure({ error, onRetry, instead }: Props) {
  const t = useT();
  const { user } = useSession();
  const problem = toProblem(error);
  if (problem.status === 403) {
    return (
      <EmptyState
        title={t(m.forbiddenTitle)}
        hint={t(m.forbiddenHint, { name: user.name, roles: roleNames(user.roles, t) || "—" })}
        action={instead}
      />
    );
  }
  return <ProblemNotice problem={problem} onRetry={onRetry} />;
}
