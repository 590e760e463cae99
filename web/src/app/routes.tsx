import { createBrowserRouter, Navigate, type RouteObject } from "react-router";
import { Splash } from "@/components/Splash";
import { CrashPage } from "./CrashPage";
import { Layout } from "./Layout";
import { MissingPage } from "./MissingPage";

/**
 * Every page is a chunk of its own. A page module exports `Component`; nothing of it is loaded
 * before somebody goes there.
 */
const pages: RouteObject[] = [
  { index: true, element: <Navigate to="/ask" replace /> },
  { path: "ask/:conversationId?", lazy: () => import("@/pages/ask/AskPage") },
  { path: "answers/:answerId", lazy: () => import("@/pages/ask/AnswerRedirect") },
  { path: "overview", lazy: () => import("@/pages/overview/OverviewPage") },
  { path: "partners", lazy: () => import("@/pages/partners/PartnersPage") },
  { path: "partners/compare", lazy: () => import("@/pages/partners/ComparePage") },
  { path: "partners/:partner", lazy: () => import("@/pages/partners/PartnerPage") },
  { path: "forecast", lazy: () => import("@/pages/forecast/ForecastPage") },
  { path: "briefs", lazy: () => import("@/pages/briefs/BriefsPage") },
  { path: "briefs/:briefId", lazy: () => import("@/pages/briefs/BriefPage") },
  { path: "data/:tab?", lazy: () => import("@/pages/data/DataPage") },
  { path: "traces", lazy: () => import("@/pages/traces/TracesPage") },
  { path: "traces/:traceId", lazy: () => import("@/pages/traces/TracePage") },
  { path: "evals", lazy: () => import("@/pages/evals/EvalsPage") },
  { path: "evals/compare", lazy: () => import("@/pages/evals/ComparePage") },
  { path: "evals/:runId", lazy: () => import("@/pages/evals/EvalRunPage") },
  { path: "*", Component: MissingPage },
];

export const createRouter = () =>
  createBrowserRouter([
    { path: "/", Component: Layout, HydrateFallback: Splash, ErrorBoundary: CrashPage, children: pages },
  ]);
