"""What goes wrong on the wire: statuses, silence, broken bodies, streams without an end."""

from __future__ import annotations

import itertools
import json
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from evals.scripted.server import Wire
from evals.scripted.wire import Reply, Request, chunks, event

ANYONE = Request({}, b"", {}, 0)
"""In place of a request where the answer does not depend on it."""

LONGEST_S = 30.0
"""When a trouble that never ends is given up, should the client not have gone by then."""


@dataclass(frozen=True, slots=True)
class Status:
    """An error response, in the usual form."""

    status: int
    code: str = "error"
    headers: Mapping[str, str] = field(default_factory=dict)

    def send(self, wire: Wire) -> None:
        """Send it."""
        body = {
            "error": {"message": f"scripted: {self.code}", "type": self.code, "code": self.code}
        }
        wire.plain(self.status, json.dumps(body).encode(), self.headers)


@dataclass(frozen=True, slots=True)
class Body:
    """A response of status 200 whose body is no reply."""

    body: bytes

    def send(self, wire: Wire) -> None:
        """Send it."""
        wire.plain(200, self.body, {"X-Scripted": "body"})


@dataclass(frozen=True, slots=True)
class BrokenEvent:
    """A stream whose event is no JSON."""

    def send(self, wire: Wire) -> None:
        """Send it."""
        wire.streamed(iter([b'data: {"choices": [{"delta": {"con\n\n']))


@dataclass(frozen=True, slots=True)
class NoChoices:
    """A stream that holds nothing to choose from."""

    def send(self, wire: Wire) -> None:
        """Send it."""
        empty = {"id": "x", "object": "chat.completion.chunk", "created": 0, "model": "m"}
        wire.streamed(iter([event({**empty, "choices": []}), b"data: [DONE]\n\n"]))


@dataclass(frozen=True, slots=True)
class Silence:
    """No answer for longer than the client waits."""

    seconds: float = LONGEST_S

    def send(self, wire: Wire) -> None:
        """Wait, then break off."""
        time.sleep(self.seconds)
        wire.reset()


@dataclass(frozen=True, slots=True)
class Drip:
    """A stream that goes on for ever: comments that keep it alive, or tokens without an end."""

    tokens: bool = False

    def send(self, wire: Wire) -> None:
        """Send pieces until the client has gone."""
        wire.streamed(self._pieces())

    def _pieces(self) -> Iterator[bytes]:
        word = next(itertools.islice(chunks(ANYONE, Reply("…")), 1, 2))
        until = time.monotonic() + LONGEST_S
        while time.monotonic() < until:
            time.sleep(0.02)
            yield event(word) if self.tokens else b": keep-alive\n\n"


@dataclass(frozen=True, slots=True)
class Reset:
    """A connection that breaks before any answer."""

    def send(self, wire: Wire) -> None:
        """Break it."""
        wire.reset()


@dataclass(frozen=True, slots=True)
class Truncated:
    """A stream that ends in the midst of a reply, with or without breaking the connection."""

    reply: Reply
    tidy: bool = False

    def send(self, wire: Wire) -> None:
        """Send the first half."""
        pieces = list(map(event, chunks(ANYONE, self.reply)))
        wire.streamed(iter(pieces[: max(1, len(pieces) // 2)]), finished=self.tidy)


@dataclass(frozen=True, slots=True)
class Endless:
    """A reply of many megabytes."""

    def send(self, wire: Wire) -> None:
        """Send it."""
        word = next(itertools.islice(chunks(ANYONE, Reply("…")), 1, 2))
        word["choices"][0]["delta"]["content"] = "x" * 500_000
        wire.streamed(event(word) for _ in range(60))
