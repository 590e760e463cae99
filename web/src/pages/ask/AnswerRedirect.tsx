import { useQuery } from "@tanstack/react-query";
import { Navigate, useParams } from "react-router";
import { toProblem } from "@/api/http";
import { queries } from "@/api/queries";
import { Loading } from "@/components/Loading";
import { Page } from "@/components/Page";
import { ProblemNotice } from "@/components/ProblemNotice";

/** `/answers/ID` is the address of one answer wherever it is mentioned; it opens in its conversation. */
export function Component() {
  const { answerId = "" } = useParams();
  const answer = useQuery(queries.answer(answerId));
  if (answer.isSuccess) return <Navigate to={`/ask/${answer.data.conversation_id}#${answerId}`} replace />;
  return (
    <Page>
      {answer.isError ? (
        <ProblemNotice problem={toProblem(answer.error)} onRetry={() => void answer.refetch()} />
      ) : (
        <Loading />
      )}
    </Page>
  );
}
