import type { ReactNode } from "react";
import { EvidenceProvider } from "@/components/evidence/EvidenceProvider";
import { Page } from "@/components/Page";

/** A page whose figures open their evidence. */
export function FigurePage({ children }: { children: ReactNode }) {
  return (
    <EvidenceProvider>
      <Page>{children}</Page>
    </EvidenceProvider>
  );
}
