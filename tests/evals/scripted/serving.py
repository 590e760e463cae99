"""A scripted server talked to without any client library."""

from __future__ import annotations

import json
from typing import Any

import httpx

from evals.scripted.server import ScriptedModel

ASK = {"model": "m", "messages": [{"role": "user", "content": "hello"}]}


def post(server: ScriptedModel, **body: Any) -> httpx.Response:
    return httpx.post(f"{server.base_url}/chat/completions", json={**ASK, **body}, timeout=10)


def events(response: httpx.Response) -> list[dict[str, Any]]:
    """The JSON events of a stream, its end mark left out."""
    lines = [line.removeprefix("data: ") for line in response.text.split("\n\n") if line]
    assert lines[-1] == "[DONE]"
    return [json.loads(line) for line in lines[:-1]]
