import { ExperimentOutlined } from "@ant-design/icons";
import { useMutation } from "@tanstack/react-query";
import { App, Button } from "antd";
import { api } from "@/api/client";
import { toProblem } from "@/api/http";
import { useT } from "@/i18n/language";
import { m } from "./messages";

/** Keeps an accepted answer as an evaluation case. Doing it again changes nothing. */
export function PromoteButton({ answerId }: { answerId: string }) {
  const t = useT();
  const { message } = App.useApp();
  const promote = useMutation({
    mutationFn: () => api.promote(answerId),
    onSuccess: (made) => void message.success(t(m.promoted, { id: made.case_id, dataset: made.dataset })),
    onError: (error) => {
      const problem = toProblem(error);
      void message.error(problem.detail || problem.title);
    },
  });
  return (
    <Button
      icon={<ExperimentOutlined aria-hidden />}
      loading={promote.isPending}
      disabled={promote.isSuccess}
      onClick={() => promote.mutate()}
      title={t(m.promoteHint)}
    >
      {t(m.promote)}
    </Button>
  );
}
