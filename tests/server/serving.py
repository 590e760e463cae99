"""A real server on loopback in a thread, and who may come in."""

from __future__ import annotations

import hashlib
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import uvicorn
from fastapi import FastAPI

from leadline.settings import Settings, read_settings
from server.app import create_app
from tests.agents.channel import INSTANCE, new_instance

OWNER_TOKEN = "owner-token-of-these-tests"
TOKENS = {
    name: f"token-of-{name}-for-tests"
    for name in ("east", "east2", "south", "hengxin", "boss", "analyst", "warden")
}
USERS = """\
  east: {{roles: [manager], regions: [华东], token_sha256: {east}}}
  east2: {{roles: [manager], regions: [华东], token_sha256: {east2}}}
  south: {{roles: [manager], regions: [华南], token_sha256: {south}}}
  hengxin: {{roles: [partner], partners: [恒信科技有限公司], token_sha256: {hengxin}}}
  boss: {{roles: [manager], token_sha256: {boss}}}
  analyst: {{roles: [analyst], token_sha256: {analyst}}}
  warden: {{roles: [admin, analyst], regions: [华东], token_sha256: {warden}}}
"""
"""Managers of two regions, a partner, one who sees all without overseeing, an analyst of all data,
and an administrator bound to one region."""


def guarded_settings(folder: Path) -> Settings:
    """A copy of the channel whose door is guarded."""
    data = new_instance(folder)
    hashes = {name: hashlib.sha256(token.encode()).hexdigest() for name, token in TOKENS.items()}
    head, _, _ = INSTANCE.partition("users:\n")
    text = f"{head}users:\n{USERS.format(**hashes)}"
    (data / "leadline.yaml").write_text(text, encoding="utf-8")
    return read_settings(data, {"LEADLINE_TOKEN": OWNER_TOKEN})


@dataclass(frozen=True, slots=True)
class Serving:
    """A running server."""

    url: str
    app: FastAPI

    def client(self, token: str | None = None, **options: Any) -> httpx.Client:
        """A caller, by bearer token or without one."""
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        headers |= options.pop("headers", {})
        return httpx.Client(base_url=self.url, headers=headers, timeout=60, **options)


@contextmanager
def serving(app: FastAPI) -> Iterator[Serving]:
    """The app behind uvicorn on a free port of loopback, as `leadline serve` runs it."""
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    listening.listen(128)
    config = uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        server_header=False,
        forwarded_allow_ips="127.0.0.1",
        timeout_graceful_shutdown=5,
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    try:
        yield Serving(f"http://127.0.0.1:{listening.getsockname()[1]}", app)
    finally:
        server.should_exit = True
        thread.join()
        listening.close()


@contextmanager
def guarded(folder: Path) -> Iterator[Serving]:
    """The channel behind a guarded door."""
    with serving(create_app(guarded_settings(folder))) as running:
        yield running


def asked(client: httpx.Client, question: str, **more: Any) -> dict[str, Any]:
    """The JSON answer to a question."""
    response = client.post("/api/ask", json={"question": question, **more})
    assert response.status_code == 200, response.text
    data: dict[str, Any] = response.json()
    return data


def until_written(client: httpx.Client, wanted: dict[str, Any]) -> dict[str, Any]:
    """The brief that was asked for, as soon as it is written."""
    for _ in range(100):
        response = client.post("/api/briefs", json=wanted, timeout=60)
        if response.status_code != 202:
            break
    assert response.status_code == 200, response.text
    data: dict[str, Any] = response.json()
    return data


def events(response: httpx.Response) -> Iterator[tuple[str, str]]:
    """Name and data of each event of a stream."""
    name = ""
    for line in response.iter_lines():
        if line.startswith("event: "):
            name = line.removeprefix("event: ")
        elif line.startswith("data: "):
            yield name, line.removeprefix("data: ")


PROBLEM = {"type", "title", "status", "detail", "hint", "retryable", "instance"}


def problem(response: httpx.Response, status: int, kind: str) -> dict[str, Any]:
    """The problem that a response must be, in its whole form."""
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    data: dict[str, Any] = response.json()
    assert data.keys() - {"trace_id"} == PROBLEM
    assert data["type"] == f"urn:leadline:error:{kind}"
    assert data["status"] == status
    assert data["instance"] == response.request.url.path
    return data
