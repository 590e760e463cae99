"""A real endpoint behind the scripted server, so that its replies can be recorded."""

from __future__ import annotations

from dataclasses import dataclass, field

from evals.scripted.server import Trouble
from evals.scripted.troubles import Status
from evals.scripted.wire import Reply, Request, ToolCall


@dataclass(frozen=True, slots=True)
class Upstream:
    """A real endpoint behind the server, for recording from it."""

    base_url: str
    model: str
    api_key: str = field(default="", repr=False)
    timeout_s: float = 120.0

    def __call__(self, request: Request) -> Reply | Trouble:
        """What the endpoint replies, asked for in one piece."""
        import httpx

        body = {k: v for k, v in request.body.items() if k not in ("stream", "stream_options")}
        response = httpx.post(
            f"{self.base_url}/chat/completions",
            json={**body, "model": self.model},
            headers={"Authorization": f"Bearer {self.api_key}"} if self.api_key else {},
            timeout=self.timeout_s,
        )
        if response.status_code != httpx.codes.OK:
            return Status(response.status_code, "upstream")
        choice = response.json()["choices"][0]
        message = choice["message"]
        calls = tuple(
            ToolCall(call["function"]["name"], raw=call["function"]["arguments"])
            for call in message.get("tool_calls") or ()
        )
        return Reply(message.get("content") or "", calls, choice["finish_reason"])
