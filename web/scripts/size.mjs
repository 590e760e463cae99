// First load: index.html, what it loads eagerly, and what the first page (Ask) needs before it shows.
// Prints gzip sizes; fails above the limit. Run `npm run build` first.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const LIMIT_KB = 350;
const FIRST_PAGE = "src/pages/ask/AskPage.tsx";
const out = new URL("../../server/static/", import.meta.url);

const read = (name) => readFileSync(fileURLToPath(new URL(name, out)));
const manifest = JSON.parse(read(".vite/manifest.json"));
const files = new Set(["index.html", "boot.js"]);
const seen = new Set();

function collect(key) {
  if (seen.has(key)) return;
  seen.add(key);
  const chunk = manifest[key];
  if (!chunk) throw new Error(`${key} is not in the manifest`);
  files.add(chunk.file);
  for (const css of chunk.css ?? []) files.add(css);
  for (const imported of chunk.imports ?? []) collect(imported);
}
collect("index.html");
collect(FIRST_PAGE);

let total = 0;
for (const file of files) {
  const bytes = gzipSync(read(file), { level: 9 }).length;
  total += bytes;
  console.log(`${(bytes / 1000).toFixed(1).padStart(8)} kB  ${file}`);
}
console.log(`${(total / 1000).toFixed(1).padStart(8)} kB  first load, gzip (limit ${LIMIT_KB} kB)`);
if (total > LIMIT_KB * 1000) {
  console.error("The first load is over its limit.");
  process.exit(1);
}
