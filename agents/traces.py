"""Spans of one answer: what was matched, planned, run, narrated, verified, and how long it took.

A span's parent is the innermost span of the same trace that is open in this context (a context
variable: copied contexts, such as those of the agent loop's tool threads, see it too). A bare
thread has no context of its own: there the parent is the open root, unless one is named.
Nothing here reads, masks or stores; that is for `agents.telemetry` and the trace store.
"""

from __future__ import annotations

import os
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from leadline.clock import now_utc


class SpanKind(StrEnum):
    """What a step is, in the words of OpenInference."""

    AGENT = "AGENT"
    """The whole answer: the root."""
    CHAIN = "CHAIN"
    LLM = "LLM"
    TOOL = "TOOL"
    GUARDRAIL = "GUARDRAIL"
    RETRIEVER = "RETRIEVER"


def _new_span_id() -> str:
    return os.urandom(8).hex()


@dataclass(slots=True)
class SpanEvent:
    """Something that happened within a span, at no length of its own."""

    name: str
    at_ms: float
    """Milliseconds since the trace began."""
    attributes: dict[str, object] = field(default_factory=dict)

    def as_json(self) -> dict[str, object]:
        """Plain data for the store."""
        return {"name": self.name, "at_ms": round(self.at_ms, 3), "attributes": self.attributes}


@dataclass(slots=True)
class Span:
    """One step. Times are milliseconds since the trace began."""

    name: str
    start_ms: float
    duration_ms: float = 0.0
    attributes: dict[str, object] = field(default_factory=dict)
    error: str | None = None
    kind: SpanKind = SpanKind.CHAIN
    span_id: str = field(default_factory=_new_span_id)
    """16 hex digits."""
    parent_id: str | None = None
    events: list[SpanEvent] = field(default_factory=list)
    zero: float = field(default_factory=time.perf_counter, repr=False, compare=False)
    """When the trace began, on the clock of `time.perf_counter`."""
    ended: bool = False

    @property
    def status(self) -> str:
        """`error` where it failed, else `ok`."""
        return "ok" if self.error is None else "error"

    def event(self, name: str, /, **attributes: object) -> SpanEvent:
        """Note that something happened now."""
        happened = SpanEvent(name, self._trace_ms(), dict(attributes))
        self.events.append(happened)
        return happened

    def fail(self, error: BaseException | str) -> None:
        """Mark it as failed without raising."""
        self.error = error if isinstance(error, str) else f"{type(error).__name__}: {error}"

    def end(self) -> None:
        """Stop its clock; a second call changes nothing."""
        if not self.ended:
            self.duration_ms = self._trace_ms() - self.start_ms
            self.ended = True

    def _trace_ms(self) -> float:
        return (time.perf_counter() - self.zero) * 1000

    def as_json(self) -> dict[str, object]:
        """Plain data for the store; a span that is still open has lasted until now."""
        duration = self.duration_ms if self.ended else self._trace_ms() - self.start_ms
        return {
            "span_id": self.span_id,
            "parent_id": self.parent_id,
            "name": self.name,
            "kind": self.kind.value,
            "start_ms": round(self.start_ms, 3),
            "duration_ms": round(duration, 3),
            "status": self.status,
            "error": self.error,
            "attributes": self.attributes,
            "events": [event.as_json() for event in self.events],
        }


class _Open(NamedTuple):
    """The spans open in this context, innermost first; those of several traces may mix."""

    trace_id: str
    span: Span
    outer: _Open | None


_OPEN: ContextVar[_Open | None] = ContextVar("leadline_open_span", default=None)


@dataclass(slots=True)
class Trace:
    """The spans of one answer, in the order in which they began."""

    trace_id: str = field(default_factory=lambda: uuid.uuid4().hex)
    """32 hex digits."""
    began: float = field(default_factory=time.perf_counter)
    spans: list[Span] = field(default_factory=list)
    started_at: datetime = field(default_factory=now_utc)
    """The wall clock when it began, in UTC."""

    @property
    def elapsed_ms(self) -> float:
        """Milliseconds since the trace began."""
        return (time.perf_counter() - self.began) * 1000

    @property
    def root(self) -> Span | None:
        """The first span without a parent; None while nothing has begun."""
        return next((span for span in self.spans if span.parent_id is None), None)

    @property
    def current(self) -> Span | None:
        """The innermost open span of this trace here; the open root in a thread without context."""
        found = _OPEN.get()
        while found is not None:
            if found.trace_id == self.trace_id and not found.span.ended:
                return found.span
            found = found.outer
        root = self.root
        return root if root is not None and not root.ended else None

    @contextmanager
    def span(
        self,
        name: str,
        /,
        kind: SpanKind = SpanKind.CHAIN,
        *,
        parent: Span | None = None,
        **attributes: object,
    ) -> Iterator[Span]:
        """Time a step; an exception is noted and goes on.

        Args:
            name: of the step, as in `execute_tool query`.
            kind: what it is.
            parent: the span it belongs to; by default the innermost one open here.
            attributes: first ones; more may be set on the span while it runs.
        """
        span = self.start(name, kind, parent=parent, **attributes)
        outer = _OPEN.get()
        _OPEN.set(_Open(self.trace_id, span, outer))
        try:
            yield span
        except BaseException as error:
            span.fail(error)
            raise
        finally:
            span.end()
            _OPEN.set(outer)

    def start(
        self,
        name: str,
        /,
        kind: SpanKind = SpanKind.CHAIN,
        *,
        parent: Span | None = None,
        **attributes: object,
    ) -> Span:
        """Begin a span for callbacks that cannot hold a `with`; the caller must `end()` it.

        It is nobody's parent unless it is named as one.
        """
        above = parent or self.current
        span = Span(
            name,
            self.elapsed_ms,
            attributes=dict(attributes),
            kind=SpanKind(kind),
            parent_id=None if above is None else above.span_id,
            zero=self.began,
        )
        self.spans.append(span)
        return span

    def as_json(self) -> list[dict[str, object]]:
        """All spans as plain data."""
        return [span.as_json() for span in self.spans]
