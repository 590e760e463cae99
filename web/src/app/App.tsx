import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { StrictMode, useState } from "react";
import { RouterProvider } from "react-router/dom";
import { ApiError } from "@/api/http";
import { LanguageProvider } from "@/i18n/language";
import { ThemeProvider } from "@/theme/ThemeProvider";
import { createRouter } from "./routes";
import { SessionGate } from "./session";

function newQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 15_000,
        refetchOnWindowFocus: false,
        // Only what the service calls retryable is tried again, and only twice.
        retry: (failures, error) => failures < 2 && error instanceof ApiError && error.problem.retryable,
      },
    },
  });
}

export function App() {
  const [client] = useState(newQueryClient);
  const [router] = useState(createRouter);
  return (
    <StrictMode>
      <QueryClientProvider client={client}>
        <LanguageProvider>
          <ThemeProvider>
            <SessionGate>
              <RouterProvider router={router} />
            </SessionGate>
          </ThemeProvider>
        </LanguageProvider>
      </QueryClientProvider>
    </StrictMode>
  );
}
