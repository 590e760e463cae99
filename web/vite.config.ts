import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

// The service to talk to while developing: `leadline serve`, or `npm run mock`.
const api = process.env.LEADLINE_API ?? "http://127.0.0.1:8000";

export default defineConfig({
  plugins: [react()],
  resolve: { alias: { "@": fileURLToPath(new URL("./src", import.meta.url)) } },
  // The service replaces the placeholder by a fresh nonce in every response.
  html: { cspNonce: "__CSP_NONCE__" },
  server: { port: 5173, strictPort: false, proxy: { "/api": api, "/healthz": api, "/readyz": api } },
  build: {
    outDir: "../server/static",
    emptyOutDir: true,
    target: "es2022",
    manifest: true,
    // Inlined data: fonts or scripts would need a wider Content-Security-Policy.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 700,
  },
  test: { include: ["tests/**/*.test.ts"], environment: "node" },
});
