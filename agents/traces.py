"""Spans of one answer: what was matched, planned, run, narrated, verified, and how long it took."""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass(slots=True)
class Span:
    """One step. Times are milliseconds since the trace began."""

    name: str
    start_ms: float
    duration_ms: float = 0.0
    attributes: dict[str, object] = field(default_factory=dict)
    error: str | None = None

    def as_json(self) -> dict[str, object]:
        """Plain data for the store."""
        return {
            "name": self.name,
            "start_ms": round(self.start_ms, 3),
            "duration_ms": round(self.duration_ms, 3),
            "attributes": self.attributes,
            "error": self.error,
        }


@dataclass(slots=True)
class Trace:
    """The spans of one answer, in the order in which they began."""

    trace_id: str = field(default_factory=lambda: uuid.uuid4().hex)
    began: float = field(default_factory=time.perf_counter)
    spans: list[Span] = field(default_factory=list)

    @property
    def elapsed_ms(self) -> float:
        """Milliseconds since the trace began."""
        return (time.perf_counter() - self.began) * 1000

    @contextmanager
    def span(self, name: str, **attributes: object) -> Iterator[Span]:
        """Time a step; an exception is noted and goes on."""
        span = Span(name, self.elapsed_ms, attributes=dict(attributes))
        self.spans.append(span)
        try:
            yield span
        except Exception as error:
            span.error = f"{type(error).__name__}: {error}"
            raise
        finally:
            span.duration_ms = self.elapsed_ms - span.start_ms

    def as_json(self) -> list[dict[str, object]]:
        """All spans as plain data."""
        return [span.as_json() for span in self.spans]
