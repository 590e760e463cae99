"""Traces of real answers opened in a real backend: `python -m bench.trace_backend`.

Arize Phoenix is installed from the package index into an environment of its own under `build/`, run
on loopback, sent the traces of answers that the rules and a scripted language model gave, and then
asked what it holds. The claim: every trace is there with its tree, kinds, tools, tokens and
session, and nothing is blank. A picture is taken with Chromium where that is installed.
"""

from __future__ import annotations

import argparse
import os
import shutil
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx

from agents.service import AskService
from agents.telemetry.conventions import Operation
from bench.measure import report, write_results
from evals.instances import Skipped, prepare
from evals.scripted.competent import Competent
from evals.scripted.server import MODEL, ScriptedModel
from knowledge.warehouse.trace_record import StoredTrace
from knowledge.warehouse.trace_store import TraceStore
from leadline.access import LOCAL_OWNER
from leadline.evidence import Answer
from leadline.settings import LlmSettings, PlannerMode, Settings, TraceSettings, read_settings

REPOSITORY = Path(__file__).resolve().parent.parent
BUILD = REPOSITORY / "build" / "trace-backend"
BACKEND = "arize-phoenix==20.26.1"
START_TIMEOUT_S = 180.0
ARRIVAL_TIMEOUT_S = 30.0
CHROMIUM = ("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")

TALK = (
    "华东今年各产品线销售额及同比",
    "华南呢？",
    "Top 5 partners by sales this year and their share",
)
"""One conversation, put to the rules and to the model."""
ODD = ("客户满意度最高的伙伴？", "查查销售额", "这个数怎么算的？")
"""A refusal, a question back, a question about the figures: the rules'."""

Json = dict[str, Any]


@dataclass(frozen=True)
class Check:
    """One claim about the backend, and what was found."""

    claim: str
    found: str
    held: bool


def backend_python() -> Path:
    """The interpreter of the backend's environment, made on first use."""
    folder = BUILD / "venv"
    python = folder / "bin" / "python"
    marker = folder / "installed"
    if not marker.exists() or marker.read_text(encoding="utf-8") != BACKEND:
        uv = Path(sys.executable).with_name("uv")
        subprocess.run(
            [uv, "venv", "--quiet", "--clear", "--python", sys.executable, folder], check=True
        )
        subprocess.run(
            [uv, "pip", "install", "--quiet", "--system-certs", "--python", python, BACKEND],
            check=True,
        )
        marker.write_text(BACKEND, encoding="utf-8")
    return python


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def backend() -> Iterator[str]:
    """Run the backend with an empty store; its address."""
    python = backend_python()
    store = BUILD / "store"
    shutil.rmtree(store, ignore_errors=True)
    store.mkdir(parents=True)
    port = free_port()
    environment = {
        **{k: v for k, v in os.environ.items() if not k.startswith(("PHOENIX_", "OTEL_"))},
        "PHOENIX_WORKING_DIR": str(store),
        "PHOENIX_HOST": "127.0.0.1",
        "PHOENIX_PORT": str(port),
        "PHOENIX_GRPC_PORT": str(free_port()),
        "PHOENIX_TELEMETRY_ENABLED": "false",
        "PHOENIX_ALLOW_EXTERNAL_RESOURCES": "false",
        "PHOENIX_DISABLE_AGENT_ASSISTANT": "true",
    }
    url = f"http://127.0.0.1:{port}"
    with (BUILD / "backend.log").open("w", encoding="utf-8") as log:
        process = subprocess.Popen(
            [python.with_name("phoenix"), "serve"], env=environment, stdout=log, stderr=log
        )
        try:
            _wait_until_up(url, process)
            yield url
        finally:
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _wait_until_up(url: str, process: subprocess.Popen[bytes]) -> None:
    ends = time.monotonic() + START_TIMEOUT_S
    while time.monotonic() < ends:
        if process.poll() is not None:
            raise SystemExit(f"the backend ended; see {BUILD / 'backend.log'}")
        try:
            if httpx.get(f"{url}/healthz", timeout=2).status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.5)
    raise SystemExit(f"the backend did not start; see {BUILD / 'backend.log'}")


def instance(data_dir: Path | None) -> Settings:
    """A copy of an instance, so that the original gets no answers of ours."""
    if data_dir is None:
        prepared = prepare("channel", BUILD / "evals")
        if isinstance(prepared, Skipped):
            raise SystemExit(prepared.reason)
        data_dir = prepared.data_dir
    copy = BUILD / "instance"
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(data_dir, copy)
    return read_settings(copy, environ={})


def answers(settings: Settings, url: str) -> tuple[list[StoredTrace], list[Answer], Json]:
    """Ask with the rules and with the model, exporting as a deployed instance would."""
    from agents.bootstrap import open_service
    from agents.conversation import Conversation

    tracing = TraceSettings(otlp_endpoint=url, content="full")
    service = open_service(replace(settings, tracing=tracing))
    context = service.planner_context()
    given: list[Answer] = []
    with ScriptedModel(Competent(context)) as server:
        llm = LlmSettings(
            base_url=server.base_url,
            model=MODEL,
            input_price=Decimal(1),
            output_price=Decimal(4),
            share="rows",
        )
        with_model = _with_model(service, llm)
        _warm(service, with_model)
        modes: tuple[tuple[AskService, PlannerMode], ...] = (
            (service, "rules"),
            (with_model, "llm"),
        )
        for asking, planner in modes:
            talk = Conversation()
            given += [asking.ask(q, conversation=talk, planner=planner) for q in TALK]
        given += [service.ask(question) for question in ODD]
    assert service.traces is not None  # noqa: S101 - opened with an endpoint
    exporter = service.traces.exporter
    assert exporter is not None  # noqa: S101 - likewise
    service.traces.close()
    counts = exporter.counts
    store = TraceStore(service.evidence.engine)
    traces = [store.get(answer.trace_id, LOCAL_OWNER) for answer in given]
    sent = {"sent": counts.sent, "failed": counts.failed, "dropped": counts.dropped}
    return traces, given, sent


def _with_model(service: AskService, llm: LlmSettings) -> AskService:
    from agents.llm.planner import LlmPlanner

    return AskService(
        replace(service.settings, llm=llm),
        service.snapshots,
        service.evidence,
        LlmPlanner(llm),
        service.traces,
    )


def _warm(*services: AskService) -> None:
    """Read members and import the agent loop first: a start says nothing of an answer."""
    import langchain.agents  # noqa: F401
    import langchain_openai  # noqa: F401

    for service in services:
        service.warm()


class Backend:
    """What the backend says that it holds."""

    def __init__(self, url: str) -> None:
        self._http = httpx.Client(base_url=url, timeout=30)

    def spans(self, expected: int) -> list[Json]:
        """All spans of the project, once so many have arrived."""
        ends = time.monotonic() + ARRIVAL_TIMEOUT_S
        found: list[Json] = []
        while time.monotonic() < ends:
            found = self._all("/v1/projects/leadline/spans")
            if len(found) >= expected:
                break
            time.sleep(0.5)
        return found

    def traces(self) -> list[Json]:
        """All traces of the project, with their totals."""
        return self._all("/v1/projects/leadline/traces")

    def sessions(self) -> list[Json]:
        """All sessions of the project, with their traces."""
        return self._all("/v1/projects/leadline/sessions")

    def _all(self, path: str) -> list[Json]:
        found: list[Json] = []
        cursor: str | None = None
        while True:
            query: dict[str, str | int] = {"limit": 100}
            if cursor:
                query["cursor"] = cursor
            reply = self._http.get(path, params=query)
            if reply.status_code == 404:
                return []
            page: Json = reply.raise_for_status().json()
            found += page["data"]
            cursor = page.get("next_cursor")
            if not cursor:
                return found


def same(claim: str, ours: Any, theirs: Any) -> Check:
    """Two collections must be equal."""
    equal = ours == theirs
    return Check(claim, f"{len(theirs)} of {len(ours)}" if equal else f"{theirs}", equal)


def each(claim: str, results: list[bool]) -> Check:
    """Every one of at least one must hold."""
    return Check(claim, f"{sum(results)} of {len(results)}", all(results) and bool(results))


def checks(url: str, traces: list[StoredTrace], given: list[Answer], sent: Json) -> list[Check]:
    """Compare what the backend tells with what was stored."""
    held = Backend(url)
    stored = {span["span_id"]: span for trace in traces for span in trace.spans}
    spans = {span["context"]["span_id"]: span for span in held.spans(len(stored))}
    roots = {s["context"]["trace_id"]: s for s in spans.values() if s["parent_id"] is None}
    asked_in = Counter(trace.summary.conversation_id for trace in traces)
    sessions = {item["session_id"]: len(item["traces"]) for item in held.sessions()}
    totals = {trace["trace_id"]: trace["token_count_total"] for trace in held.traces()}
    return [
        Check("spans sent", f"{sent['sent']} of {len(stored)}", sent["sent"] == len(stored)),
        same("traces", {t.summary.trace_id for t in traces}, set(roots)),
        same("spans", set(stored), set(spans)),
        *_tree_checks(stored, spans),
        each(
            "question and answer on the root",
            [
                roots[a.trace_id]["attributes"].get("input.value") == a.question
                and roots[a.trace_id]["attributes"].get("output.value") == a.text
                for a in given
            ],
        ),
        *_content_checks(stored, spans),
        each(
            "tokens of a trace as answered",
            [
                totals.get(a.trace_id) == a.planning.input_tokens + a.planning.output_tokens
                for a in given
            ],
        ),
        same("sessions with their traces", dict(asked_in), sessions),
    ]


def _tree_checks(stored: dict[str, Json], spans: dict[str, Json]) -> list[Check]:
    pairs = [(span, spans.get(name, {})) for name, span in stored.items()]
    return [
        each(
            "each span under its parent",
            [there.get("parent_id") == ours["parent_id"] for ours, there in pairs],
        ),
        each("kinds as stored", [there.get("span_kind") == ours["kind"] for ours, there in pairs]),
        each(
            "statuses as stored",
            [there.get("status_code") == ours["status"].upper() for ours, there in pairs],
        ),
    ]


def _content_checks(stored: dict[str, Json], spans: dict[str, Json]) -> list[Check]:
    shown = {name: span["attributes"] for name, span in spans.items()}
    tools = {name: span for name, span in stored.items() if span["kind"] == "TOOL"}
    chats = [name for name, span in stored.items() if span["kind"] == "LLM"]
    return [
        each(
            "no span without input or output",
            [bool(a.get("input.value") and a.get("output.value")) for a in shown.values()],
        ),
        each(
            "tools by name",
            [
                shown[name].get("tool.name") == span["attributes"]["gen_ai.tool.name"]
                for name, span in tools.items()
            ],
        ),
        each(
            "models by name, with messages",
            [
                shown[name].get("llm.model_name") == MODEL
                and any(key.startswith("llm.input_messages.") for key in shown[name])
                for name in chats
            ],
        ),
    ]


def picture(url: str, trace_id: str, path: Path) -> bool:
    """Take a picture of a trace's page; False where no Chromium is installed."""
    executable = next((name for name in CHROMIUM if Path(name).exists()), None)
    if executable is None:
        return False
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=executable, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1440, "height": 900}, color_scheme="light")
        page.add_init_script("localStorage.setItem('arize-phoenix-theme', 'light')")
        page.goto(f"{url}/redirects/traces/{trace_id}")
        page.get_by_text(f"{Operation.EXECUTE_TOOL} query").first.wait_for(timeout=60_000)
        page.wait_for_timeout(2000)  # the pane beside the tree comes after it
        page.screenshot(path=path)
        browser.close()
    return True


def main() -> None:
    """Ask, export, look, compare; print the table and write `bench/results/trace_backend.json`."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data-dir", type=Path, help="ask a copy of this instance")
    arguments = parser.parse_args()
    settings = instance(arguments.data_dir)
    with backend() as url:
        traces, given, sent = answers(settings, url)
        found = checks(url, traces, given, sent)
        of_model = next(t for t in traces if t.summary.model)
        shot = BUILD / "trace.png"
        taken = picture(url, of_model.summary.trace_id, shot)
    report(
        f"bench.trace_backend, {BACKEND}",
        [(check.claim, check.found, "held" if check.held else "FAILED") for check in found],
    )
    if taken:
        print("picture:", shot)
    facts = {
        "backend": BACKEND,
        "answers": len(given),
        "by_model": sum(a.planning.planner == "llm" for a in given),
        "checks": [{"claim": c.claim, "found": c.found, "held": c.held} for c in found],
    }
    print("written:", write_results("trace_backend", facts))
    if not all(c.held for c in found):
        raise SystemExit(1)


if __name__ == "__main__":
    main()
