import { m } from "@/app/messages";
import { Page } from "@/components/Page";
import { PageHeader } from "@/components/PageHeader";
import { useT } from "@/i18n/language";

export function Component() {
  const t = useT();
  return (
    <Page>
      <PageHeader title={t(m.data)} />
    </Page>
  );
}
