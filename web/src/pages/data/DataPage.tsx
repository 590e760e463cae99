import { ReloadOutlined } from "@ant-design/icons";
import { useIsFetching, useQuery, useQueryClient } from "@tanstack/react-query";
import { Button } from "antd";
import type { ComponentType } from "react";
import { Navigate, useParams } from "react-router";
import { queries } from "@/api/queries";
import { m as app } from "@/app/messages";
import { Page } from "@/components/Page";
import { PageHeader } from "@/components/PageHeader";
import { SectionNav } from "@/components/SectionNav";
import { useT } from "@/i18n/language";
import { formatCount } from "@/lib/format";
import { NARROW, useMediaQuery } from "@/lib/useMediaQuery";
import { ErrorsTab } from "./ErrorsTab";
import { ModelTab } from "./ModelTab";
import { m } from "./messages";
import { SnapshotsTab } from "./SnapshotsTab";
import { SourcesTab } from "./SourcesTab";
import { StatusStrip } from "./StatusStrip";

/** The sections by the last part of their address. */
const TABS: Record<string, ComponentType> = {
  sources: SourcesTab,
  errors: ErrorsTab,
  snapshots: SnapshotsTab,
  model: ModelTab,
};

/** What is loaded, what was turned away, what was published, and what can be asked. */
export function Component() {
  const t = useT();
  const client = useQueryClient();
  const { tab = "sources" } = useParams();
  const narrow = useMediaQuery(NARROW);
  const status = useQuery(queries.dataStatus());
  const reading = useIsFetching({ queryKey: ["data"] }) > 0;
  const Tab = TABS[tab];
  if (!Tab) return <Navigate to="/data" replace />;

  const rejected = status.data?.sources.reduce((sum, source) => sum + source.errors, 0) ?? 0;
  const refresh = () => {
    void client.invalidateQueries({ queryKey: ["data"] });
    void client.invalidateQueries({ queryKey: ["semantic"] });
    void client.invalidateQueries({ queryKey: ["readiness"] });
  };

  return (
    <Page>
      <PageHeader
        title={t(app.data)}
        description={t(m.description)}
        actions={
          <Button
            icon={<ReloadOutlined spin={reading} aria-hidden />}
            onClick={refresh}
            aria-label={t(m.refresh)}
          >
            {narrow ? null : t(m.refresh)}
          </Button>
        }
      />
      <StatusStrip />
      <SectionNav
        label={t(m.tabs)}
        sections={[
          { path: "/data", label: t(m.sources) },
          { path: "/data/errors", label: t(m.errors), count: rejected > 0 ? formatCount(rejected) : 0 },
          { path: "/data/snapshots", label: t(m.snapshots) },
          { path: "/data/model", label: t(m.model) },
        ]}
      />
      <Tab />
    </Page>
  );
}
