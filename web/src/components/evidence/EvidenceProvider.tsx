import {
  createContext,
  lazy,
  type ReactNode,
  Suspense,
  useCallback,
  useContext,
  useMemo,
  useState,
} from "react";
import type { Citation } from "@/api/types";

const EvidenceDrawer = lazy(() => import("./EvidenceDrawer"));

/** A citation to show; rows are there at once when the caller has them, the rest is fetched. */
export interface EvidenceRequest {
  citationId: string;
  citation?: Citation | undefined;
  /** Which cell a figure came from, and how the figure reads in the text. */
  cell?: { row: number | null; column: string | null; figure: string } | undefined;
  /** What the figure belongs to, where it is no numbered citation of an answer. */
  title?: string | undefined;
  /** Stores the citation; given for figures of a page, which are kept when they are opened. */
  keep?: (() => Promise<unknown>) | undefined;
}

type Open = (request: EvidenceRequest) => void;
const EvidenceContext = createContext<Open | null>(null);

/** Lets everything below open the evidence drawer; its code is loaded with the first citation. */
export function EvidenceProvider({ children }: { children: ReactNode }) {
  const [request, setRequest] = useState<EvidenceRequest | null>(null);
  const [open, setOpen] = useState(false);
  const show = useCallback<Open>((next) => {
    setRequest(next);
    setOpen(true);
  }, []);
  const close = useCallback(() => setOpen(false), []);
  const drawer = useMemo(
    () =>
      request ? (
        <Suspense fallback={null}>
          <EvidenceDrawer request={request} open={open} onClose={close} />
        </Suspense>
      ) : null,
    [request, open, close],
  );
  return (
    <EvidenceContext.Provider value={show}>
      {children}
      {drawer}
    </EvidenceContext.Provider>
  );
}

/** `const openEvidence = useEvidence(); openEvidence({ citationId })`. */
export function useEvidence(): Open {
  const open = useContext(EvidenceContext);
  if (!open) throw new Error("useEvidence outside EvidenceProvider");
  return open;
}
