"""The chat-completions wire format: requests read, replies written, plain or as a stream.

Independent of the client's libraries on purpose: it is the other side of the wire.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

PIECE = 24
"""Characters in one piece of a stream."""
_HAN = re.compile(r"[一-鿿]")


@dataclass(frozen=True, slots=True)
class ToolCall:
    """A call of a tool. `raw` replaces the arguments' JSON text (to break it)."""

    name: str
    arguments: Mapping[str, Any] = field(default_factory=dict)
    raw: str | None = None

    @property
    def text(self) -> str:
        """The arguments as they go over the wire."""
        return self.raw if self.raw is not None else json.dumps(self.arguments, ensure_ascii=False)


@dataclass(frozen=True, slots=True)
class Reply:
    """What the model says. `finish` None: `tool_calls` where there are any, else `stop`."""

    text: str = ""
    calls: tuple[ToolCall, ...] = ()
    finish: str | None = None
    refusal: str | None = None

    @property
    def reason(self) -> str:
        """The finish reason."""
        return self.finish or ("tool_calls" if self.calls else "stop")


@dataclass(frozen=True, slots=True)
class Request:
    """A request for a reply, as it came."""

    body: Mapping[str, Any]
    raw: bytes
    headers: Mapping[str, str]
    number: int
    """From 1, in the order in which the server got them."""

    @property
    def messages(self) -> list[dict[str, Any]]:
        """All messages."""
        return list(self.body.get("messages", []))

    @property
    def stream(self) -> bool:
        """Whether the reply is to be streamed."""
        return bool(self.body.get("stream"))

    @property
    def wants_usage(self) -> bool:
        """Whether a streamed reply ends with the tokens used."""
        return bool((self.body.get("stream_options") or {}).get("include_usage"))

    @property
    def tools(self) -> list[str]:
        """Names of the tools on offer."""
        return [tool["function"]["name"] for tool in self.body.get("tools", [])]


def tokens(text: str) -> int:
    """About how many tokens a text has: four Latin letters or one Chinese character each."""
    han = len(_HAN.findall(text))
    return han + (len(text) - han + 3) // 4


def usage(request: Request, reply: Reply) -> dict[str, int]:
    """Tokens read and written."""
    read = tokens(request.raw.decode(errors="replace"))
    wrote = tokens(reply.text + "".join(call.name + call.text for call in reply.calls))
    return {"prompt_tokens": read, "completion_tokens": wrote, "total_tokens": read + wrote}


def _head(request: Request, kind: str) -> dict[str, Any]:
    return {
        "id": f"chatcmpl-{request.number}",
        "object": kind,
        "created": int(time.time()),
        "model": request.body.get("model", "scripted"),
    }


def _call(request: Request, at: int, call: ToolCall) -> dict[str, Any]:
    function = {"name": call.name, "arguments": call.text}
    return {"id": f"call_{request.number}_{at}", "type": "function", "function": function}


def completion(request: Request, reply: Reply) -> dict[str, Any]:
    """The whole reply as one object."""
    message: dict[str, Any] = {"role": "assistant", "content": reply.text or None}
    if reply.calls:
        message["tool_calls"] = [_call(request, at, call) for at, call in enumerate(reply.calls)]
    if reply.refusal is not None:
        message["refusal"] = reply.refusal
    choice = {"index": 0, "message": message, "finish_reason": reply.reason}
    return {
        **_head(request, "chat.completion"),
        "choices": [choice],
        "usage": usage(request, reply),
    }


def chunks(request: Request, reply: Reply) -> Iterator[dict[str, Any]]:
    """The reply in pieces, as servers send them; the tokens last, where they are wanted."""
    head = _head(request, "chat.completion.chunk")

    def chunk(delta: dict[str, Any], reason: str | None = None) -> dict[str, Any]:
        return {**head, "choices": [{"index": 0, "delta": delta, "finish_reason": reason}]}

    yield chunk({"role": "assistant", "content": ""})
    for start in range(0, len(reply.text), PIECE):
        yield chunk({"content": reply.text[start : start + PIECE]})
    if reply.refusal is not None:
        yield chunk({"refusal": reply.refusal})
    for at, call in enumerate(reply.calls):
        full = _call(request, at, call)
        opening = {**full, "index": at, "function": {"name": call.name, "arguments": ""}}
        yield chunk({"tool_calls": [opening]})
        for start in range(0, len(call.text), PIECE):
            piece = {"arguments": call.text[start : start + PIECE]}
            yield chunk({"tool_calls": [{"index": at, "function": piece}]})
    yield chunk({}, reply.reason)
    if request.wants_usage:
        yield {**head, "choices": [], "usage": usage(request, reply)}


def event(data: Mapping[str, Any]) -> bytes:
    """One server-sent event."""
    return b"data: " + json.dumps(data, ensure_ascii=False).encode() + b"\n\n"


DONE = b"data: [DONE]\n\n"
