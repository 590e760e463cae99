// A stand-in for the service, for work on the app alone: the built app under the real
// Content-Security-Policy, and answers of mock/answers.json in the shapes of the HTTP API.
//   npm run build && npm run mock      then http://127.0.0.1:8000
// A question that holds [error], [break], [slow] or [fallback] shows that behaviour.
// LEADLINE_MOCK_TOKEN=x asks for a login, LEADLINE_MOCK_EMPTY=1 is an instance without data,
// LEADLINE_MOCK_LLM=1 one with a language model.
import { randomBytes } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { record } from "./records.mjs";
import { conversations, find, findCitation, prepare, remember } from "./store.mjs";

const PORT = Number(process.env.PORT ?? 8000);
const TOKEN = process.env.LEADLINE_MOCK_TOKEN ?? "";
const EMPTY = Boolean(process.env.LEADLINE_MOCK_EMPTY);
const LLM = Boolean(process.env.LEADLINE_MOCK_LLM);
const ROOT = fileURLToPath(new URL("../../server/static/", import.meta.url));
const TYPES = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
};
/** The answer as if a language model had planned and worded it. */
function byModel(answer) {
  if (answer.status === "answered") answer.label = "模型生成";
  const use = { llm_calls: 3, input_tokens: 5210, output_tokens: 342, llm_ms: 3400 };
  answer.planning = {
    ...answer.planning,
    ...use,
    planner: "llm",
    model: "qwen3-32b",
    cost: "0.0031",
    currency: "USD",
  };
}

const wait = (ms) => new Promise((done) => setTimeout(done, ms));

function json(response, status, body) {
  const type = status >= 400 ? "application/problem+json" : "application/json";
  response.writeHead(status, { "Content-Type": type, "Cache-Control": "no-store" });
  response.end(body === undefined ? "" : JSON.stringify(body));
}

function problem(response, status, kind, title, detail, hint = "", retryable = false) {
  json(response, status, { type: `urn:leadline:error:${kind}`, title, status, detail, hint, retryable });
}

async function bodyOf(request) {
  let text = "";
  for await (const piece of request) text += piece;
  return text ? JSON.parse(text) : {};
}

const session = {
  user: { name: "owner", roles: ["admin"], regions: null, partners: null },
  instance: { name: "海岳软件 · 渠道", currency: "CNY", timezone: "Asia/Shanghai" },
  language: "zh",
  planner: { mode: "auto", llm: LLM ? { model: "qwen3-32b", share: "aggregates" } : null },
  version: "0.3.0",
  authenticated: true,
};
const SUGGESTIONS = {
  zh: [
    "本季度各大区销售额及同比",
    "今年每个月的销售额",
    "销售额前10的伙伴及占比",
    "各大区目标完成率",
    "今年销售额是多少？",
    "沉睡超过90天的伙伴",
  ],
  en: [
    "revenue by region this quarter vs last year",
    "sales by region this year vs last year",
    "monthly revenue in 2013 by region",
    "top 10 partners by sales and their share",
  ],
};

async function stream(response, answer) {
  response.writeHead(200, { "Content-Type": "text/event-stream", "Cache-Control": "no-store" });
  const slow = /\[slow\]/.test(answer.question) ? 6 : 1;
  const send = async (event, data, ms) => {
    response.write(`event: ${event}\r\ndata: ${JSON.stringify(data)}\r\n\r\n`);
    await wait(ms * slow);
  };
  const { answer_id, conversation_id, trace_id, question, snapshot, as_of } = answer;
  await send("accepted", { answer_id, conversation_id, trace_id, question, snapshot, as_of }, 150);
  if (/\[fallback\]/.test(question)) {
    await send("plan", { planner: "llm", kind: "llm", reading: "", steps: [] }, 600);
    const text = {
      zh: "大模型超时，改由规则规划回答。",
      en: "The language model timed out; the rules answer.",
    };
    await send("fallback", { from: "llm", to: "rules", code: "timeout", text }, 200);
  }
  const steps = answer.citations.map((c) => ({ tool: c.tool, arguments: c.spec }));
  const kind = { answered: "query", clarify: "clarify", refused: "refuse" }[answer.status];
  await send("plan", { planner: "rules", kind, reading: answer.reading, steps }, 250);
  for (const citation of answer.citations) {
    const call = { call: citation.number, tool: citation.tool };
    await send(
      "tool_call",
      { ...call, arguments: citation.spec, label: { zh: "查询指标", en: "Query metrics" } },
      500,
    );
    const result = {
      row_count: citation.row_count,
      truncated: citation.truncated,
      duration_ms: 31.4,
      error: null,
    };
    await send("tool_result", { ...call, ...result }, 120);
    await send("citation", citation, 30);
  }
  if (/\[break\]/.test(question)) {
    remember(answer);
    return response.destroy();
  }
  if (/\[error\]/.test(question)) {
    await send(
      "error",
      {
        type: "urn:leadline:error:busy",
        title: "服务繁忙",
        status: 503,
        detail: "另一个进程正在发布快照。",
        hint: "请稍后重试。",
        retryable: true,
        trace_id,
      },
      10,
    );
    await send("done", {}, 0);
    return response.end();
  }
  for (const line of answer.text.match(/[^\n]*\n?/g).filter(Boolean)) await send("text", { delta: line }, 70);
  if (answer.chart) await send("chart", answer.chart, 60);
  remember(answer);
  await send("answer", answer, 10);
  await send("done", {}, 0);
  response.end();
}

async function api(request, response, url) {
  const [, , resource, id, part, part2] = url.pathname.split("/");
  const route = `${request.method} ${resource}${id ? "/:id" : ""}${part ? `/${part}` : ""}`;
  if (resource === "login") {
    if ((await bodyOf(request)).token !== TOKEN) return problem(response, 401, "access", "令牌不对", "");
    response.setHeader("Set-Cookie", "leadline_session=mock; HttpOnly; SameSite=Strict; Path=/");
    return response.writeHead(204).end();
  }
  if (resource === "logout") {
    response.setHeader("Set-Cookie", "leadline_session=; Max-Age=0; Path=/");
    return response.writeHead(204).end();
  }
  if (TOKEN && !(request.headers.cookie ?? "").includes("leadline_session=mock"))
    return problem(response, 401, "access", "请先登录", "");
  const missing = () => problem(response, 404, "not-found", "没有这条记录", `${url.pathname}`);
  switch (route) {
    case "GET session":
      return json(response, 200, session);
    case "GET suggestions": {
      const questions = SUGGESTIONS[url.searchParams.get("language") ?? "zh"];
      return json(response, 200, { questions: questions.map((q) => ({ label: q, question: q })) });
    }
    case "POST ask": {
      const answer = prepare(await bodyOf(request));
      if (!answer) return missing();
      if (LLM && !answer.question.includes("[fallback]")) byModel(answer);
      if ((request.headers.accept ?? "").includes("event-stream")) return stream(response, answer);
      remember(answer);
      return json(response, 200, answer);
    }
    case "GET conversations":
      return json(response, 200, conversations(url.searchParams.get("q") ?? ""));
    case "GET conversations/:id": {
      const found = conversations("", id);
      return found ? json(response, 200, found) : missing();
    }
    case "GET answers/:id":
      return find(id) ? json(response, 200, find(id)) : missing();
    case "PUT answers/:id/feedback":
      find(id).feedback = { comment: null, ...(await bodyOf(request)), created_at: new Date().toISOString() };
      return json(response, 200, find(id).feedback);
    case "DELETE answers/:id/feedback":
      find(id).feedback = null;
      return response.writeHead(204).end();
    case "GET citations/:id":
      return findCitation(id) ? json(response, 200, findCitation(id)) : missing();
    case "POST citations/:id/replay": {
      await wait(400);
      const citation = findCitation(id);
      const { digest } = citation;
      const replayed_at = new Date().toISOString();
      return json(response, 200, {
        equal: true,
        digest,
        digest_then: digest,
        model_changed: false,
        replayed_at,
        citation,
      });
    }
    default: {
      const found = request.method === "GET" ? record(resource, id, part, url.searchParams, EMPTY) : null;
      if (found === undefined) return missing();
      if (found) return json(response, 200, found);
      return problem(response, 404, "not-found", "没有这个接口", `${route} ${part2 ?? ""}`);
    }
  }
}

function page(response, path) {
  const file = normalize(join(ROOT, path));
  if (file.startsWith(ROOT) && extname(file) && existsSync(file)) {
    response.writeHead(200, { "Content-Type": TYPES[extname(file)] ?? "application/octet-stream" });
    return response.end(readFileSync(file));
  }
  const nonce = randomBytes(16).toString("base64");
  response.writeHead(200, {
    "Content-Type": TYPES[".html"],
    "Content-Security-Policy": `default-src 'none'; script-src 'self'; style-src 'self' 'nonce-${nonce}'; img-src 'self' data:; font-src 'self'; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'`,
  });
  response.end(readFileSync(join(ROOT, "index.html"), "utf8").replaceAll("__CSP_NONCE__", nonce));
}

createServer((request, response) => {
  const url = new URL(request.url, `http://${request.headers.host}`);
  if (url.pathname === "/readyz") {
    if (EMPTY)
      return problem(response, 503, "not-ready", "尚无数据", "还没有载入数据。", "leadline load FOLDER");
    return json(response, 200, { ready: true, snapshot: 1, as_of: "2026-10-31" });
  }
  if (!url.pathname.startsWith("/api/")) return page(response, url.pathname);
  api(request, response, url).catch((error) => problem(response, 500, "internal", "内部错误", String(error)));
}).listen(PORT, "127.0.0.1", () => console.log(`http://127.0.0.1:${PORT}`));
