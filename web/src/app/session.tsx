import { useQuery, useQueryClient } from "@tanstack/react-query";
import { createContext, type ReactNode, useContext, useEffect } from "react";
import { ApiError, onSessionExpired, toProblem } from "@/api/http";
import { queries } from "@/api/queries";
import type { Session } from "@/api/types";
import { ProblemNotice } from "@/components/ProblemNotice";
import { Splash } from "@/components/Splash";
import { LoginPage } from "@/pages/login/LoginPage";

const SessionContext = createContext<Session | null>(null);

/** Shows the app to a known person, the login page to others. */
export function SessionGate({ children }: { children: ReactNode }) {
  const client = useQueryClient();
  const session = useQuery(queries.session());

  // A token that ran out while the app was open: ask who we are again, which shows the login page.
  useEffect(() => onSessionExpired(() => void client.resetQueries({ queryKey: ["session"] })), [client]);

  if (session.isPending) return <Splash />;
  if (session.isError) {
    if (session.error instanceof ApiError && session.error.problem.status === 401) return <LoginPage />;
    return (
      <Splash>
        <ProblemNotice problem={toProblem(session.error)} onRetry={() => void session.refetch()} />
      </Splash>
    );
  }
  return <SessionContext.Provider value={session.data}>{children}</SessionContext.Provider>;
}

export function useSession(): Session {
  const session = useContext(SessionContext);
  if (!session) throw new Error("useSession outside SessionGate");
  return session;
}
