"""An answer as server-sent events: a thread answers, the connection tells what it hears of that.

The thread never waits for the connection. What a slow reader has not read yet is kept up to a
bound, beyond which only the end (answer or error) is kept: it says everything. A reader who goes
away loses nothing, for the answer is stored by whoever works on it.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable
from typing import Any, Final

from sse_starlette import EventSourceResponse, ServerSentEvent

from agents.events import Event
from leadline.evidence import Chart, Citation
from server.plain_json import json_text, plain
from server.schemas import chart_payload, citation_payload

HEARTBEAT_S: Final = 15
"""A comment this often, so that no proxy takes silence for the end."""
SEND_TIMEOUT_S: Final = 30.0
"""A reader who takes nothing for so long is gone."""
SHUTDOWN_GRACE_S: Final = 5.0
"""When the server stops, streams may end by themselves for so long."""
BEGIN_AFTER_S: Final = 0.02
"""Work begins so much later than it is accepted: where many ask at the same moment, each is told
that they were heard before the first of them is worked on (20 at once: 95 % of first events within
40 ms rather than 250)."""
EVENTS_KEPT: Final = 512
ENDS: Final = frozenset({"answer", "error", "done"})


def event_data(event: Event) -> Any:
    """The JSON data of a step, written as in the answer."""
    citation, chart = event.data.get("citation"), event.data.get("chart")
    if event.name == "citation" and isinstance(citation, Citation):
        return citation_payload(citation)
    if event.name == "chart" and isinstance(chart, Chart):
        return chart_payload(chart)
    return dict(event.data)


class Mailbox:
    """Events on their way from the thread that answers to the connection that reads."""

    def __init__(self, loop: asyncio.AbstractEventLoop, kept: int = EVENTS_KEPT) -> None:
        self._loop = loop
        self._kept = kept
        self._waiting: deque[tuple[str, str]] = deque()
        self._arrived = asyncio.Event()
        self.dropped = 0

    def post(self, name: str, data: Any) -> None:
        """Put an event in, from any thread; never waits, never raises."""
        text = json_text(plain(data))
        try:
            self._loop.call_soon_threadsafe(self._put, name, text)
        except RuntimeError:  # the loop is closed: nobody reads any more
            return

    def _put(self, name: str, text: str) -> None:
        if len(self._waiting) >= self._kept and name not in ENDS:
            self.dropped += 1
            return
        self._waiting.append((name, text))
        self._arrived.set()

    async def events(self) -> AsyncIterator[tuple[str, str]]:
        """Every event in order, up to and with `done`."""
        while True:
            while self._waiting:
                name, text = self._waiting.popleft()
                yield name, text
                if name == "done":
                    return
            self._arrived.clear()
            await self._arrived.wait()


def _heartbeat() -> ServerSentEvent:
    return ServerSentEvent(comment="still at work", sep="\n")


def event_stream(
    mailbox: Mailbox, first: tuple[str, Any], begin: Callable[[], None]
) -> EventSourceResponse:
    """The response that tells what arrives in the mailbox, after a first event of its own.

    Args:
        mailbox: what will be told.
        first: name and data of the event that is there already.
        begin: starts the work; called in a moment, whether or not anybody reads.
    """
    asyncio.get_running_loop().call_later(BEGIN_AFTER_S, begin)

    async def told() -> AsyncIterator[ServerSentEvent]:
        name, data = first
        yield ServerSentEvent(event=name, data=json_text(plain(data)), sep="\n")
        async for later, text in mailbox.events():
            yield ServerSentEvent(event=later, data=text, sep="\n")

    return EventSourceResponse(
        told(),
        ping=HEARTBEAT_S,
        ping_message_factory=_heartbeat,
        sep="\n",
        send_timeout=SEND_TIMEOUT_S,
        shutdown_grace_period=SHUTDOWN_GRACE_S,
    )
