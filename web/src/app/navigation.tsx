import {
  AreaChartOutlined,
  DashboardOutlined,
  DatabaseOutlined,
  ExperimentOutlined,
  FileTextOutlined,
  MessageOutlined,
  NodeIndexOutlined,
  TeamOutlined,
} from "@ant-design/icons";
import type { ReactNode } from "react";
import type { Message } from "@/i18n/message";
import { m } from "./messages";

export interface NavItem {
  path: string;
  label: Message;
  icon: ReactNode;
}
export interface NavGroup {
  label: Message;
  items: readonly NavItem[];
}

/** What the side navigation shows, in order. A page is added here and in routes.tsx. */
export const navigation: readonly NavGroup[] = [
  {
    label: m.groupWork,
    items: [
      { path: "/ask", label: m.ask, icon: <MessageOutlined /> },
      { path: "/overview", label: m.overview, icon: <DashboardOutlined /> },
      { path: "/partners", label: m.partners, icon: <TeamOutlined /> },
      { path: "/forecast", label: m.forecast, icon: <AreaChartOutlined /> },
      { path: "/briefs", label: m.briefs, icon: <FileTextOutlined /> },
    ],
  },
  {
    label: m.groupTrust,
    items: [
      { path: "/data", label: m.data, icon: <DatabaseOutlined /> },
      { path: "/traces", label: m.traces, icon: <NodeIndexOutlined /> },
      { path: "/evals", label: m.evals, icon: <ExperimentOutlined /> },
    ],
  },
];
