"""Sends traces to an OTLP collector, beside the answers and never in their way.

A thread of its own takes traces from a bounded queue. Whatever goes wrong there (no collector, a
slow one, a full queue) costs spans, which are counted and logged, and no answer.
"""

from __future__ import annotations

import atexit
import logging
import queue
import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from agents.telemetry.redaction import exported
from agents.telemetry.wire import otel_spans, resource
from knowledge.warehouse.trace_record import StoredTrace
from leadline.settings import ExportContent, TraceSettings

if TYPE_CHECKING:
    from collections.abc import Mapping

    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter

LOG = logging.getLogger(__name__)

QUEUE_SIZE = 256
"""Traces that may wait; some minutes of a busy instance."""
BATCH_SIZE = 32
"""Traces sent in one request."""
SEND_TIMEOUT_S = 10.0
CLOSE_TIMEOUT_S = 3.0
"""How long the end of the process waits for what is still unsent."""
JOIN_TIMEOUT_S = 0.5
WARN_EVERY_S = 60.0


@dataclass(frozen=True, slots=True)
class ExportCounts:
    """Spans since the start: sent, refused by or not arrived at the collector, not queued."""

    sent: int
    failed: int
    dropped: int


def traces_url(endpoint: str) -> str:
    """Where traces go: the endpoint, or its standard path where it names none."""
    bare = urlsplit(endpoint).path in ("", "/")
    return endpoint.rstrip("/") + "/v1/traces" if bare else endpoint


class TraceExporter:
    """Exports finished traces over OTLP/HTTP (protobuf)."""

    def __init__(
        self,
        endpoint: str,
        key: bytes,
        *,
        headers: Mapping[str, str] | None = None,
        content: ExportContent = "redacted",
        queue_size: int = QUEUE_SIZE,
        timeout_s: float = SEND_TIMEOUT_S,
    ) -> None:
        self._endpoint = traces_url(endpoint)
        self._key = key
        self._headers = dict(headers or {})
        self._content = content
        self._timeout_s = timeout_s
        self._waiting: queue.Queue[StoredTrace | None] = queue.Queue(queue_size)
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._closed = False
        self._sent = self._failed = self._dropped = 0
        self._warned_at = float("-inf")

    @classmethod
    def of(cls, settings: TraceSettings, key: bytes) -> TraceExporter | None:
        """The exporter of these settings; None where traces stay in the house."""
        if settings.otlp_endpoint is None:
            return None
        return cls(
            settings.otlp_endpoint, key, headers=settings.otlp_headers, content=settings.content
        )

    @property
    def counts(self) -> ExportCounts:
        """How many spans went where."""
        with self._lock:
            return ExportCounts(self._sent, self._failed, self._dropped)

    def submit(self, trace: StoredTrace) -> None:
        """Queue a trace; returns at once and never raises. A full queue drops it."""
        with self._lock:
            if not self._closed:
                self._start()
                try:
                    self._waiting.put_nowait(trace)
                    return
                except queue.Full:
                    pass
            self._dropped += len(trace.spans)
        self._warn("trace %s was not exported: too many wait already", trace.summary.trace_id)

    def flush(self, timeout_s: float) -> bool:
        """Wait until all that was queued has been handled; False where time ran out."""
        ends = time.monotonic() + timeout_s
        while self._waiting.unfinished_tasks:
            if time.monotonic() >= ends:
                return False
            time.sleep(0.01)
        return True

    def close(self, timeout_s: float = CLOSE_TIMEOUT_S) -> None:
        """Send what waits, as far as time allows, and stop."""
        with self._lock:
            if self._closed:
                return
            self._closed = True
            thread = self._thread
        if thread is None:
            return
        atexit.unregister(self.close)
        if not self.flush(timeout_s):
            unsent = 0
            while not self._waiting.empty():
                trace = self._waiting.get_nowait()
                unsent += len(trace.spans) if trace else 0
                self._waiting.task_done()
            with self._lock:
                self._dropped += unsent
            LOG.warning("%d spans were not exported before the end", unsent)
        self._waiting.put_nowait(None)
        thread.join(JOIN_TIMEOUT_S)

    def _start(self) -> None:
        if self._thread is None:
            self._thread = threading.Thread(
                target=self._run, name="leadline-trace-export", daemon=True
            )
            self._thread.start()
            atexit.register(self.close)

    def _run(self) -> None:
        """The thread: sends what waits, until `close`."""
        sender = Sender(self._endpoint, self._headers, self._timeout_s)
        while True:
            batch = self._batch()
            traces = [trace for trace in batch if trace is not None]
            size = sum(len(trace.spans) for trace in traces)
            try:
                sent = sender.send([exported(t, self._content, self._key) for t in traces])
            except Exception:  # this thread must live; the loss is counted
                LOG.exception("traces could not be exported")
                sent = False
            with self._lock:
                if sent:
                    self._sent += size
                else:
                    self._failed += size
            if not sent:
                self._warn("%d spans did not arrive at %s", size, self._endpoint)
            for _ in batch:
                self._waiting.task_done()
            if None in batch:
                sender.close()
                return

    def _batch(self) -> list[StoredTrace | None]:
        batch = [self._waiting.get()]
        while len(batch) < BATCH_SIZE and batch[-1] is not None:
            try:
                batch.append(self._waiting.get_nowait())
            except queue.Empty:
                break
        return batch

    def _warn(self, message: str, *values: object) -> None:
        """Log, but not a line per lost trace."""
        now = time.monotonic()
        if now - self._warned_at >= WARN_EVERY_S:
            self._warned_at = now
            LOG.warning(message, *values)


class Sender:
    """Sends traces to one collector and waits for its reply."""

    def __init__(
        self, endpoint: str, headers: Mapping[str, str], timeout_s: float = SEND_TIMEOUT_S
    ) -> None:
        self._endpoint = traces_url(endpoint)
        self._headers = dict(headers)
        self._timeout_s = timeout_s
        self._exporter: OTLPSpanExporter | None = None

    def send(self, traces: list[StoredTrace]) -> bool:
        """Whether the collector took all of these, which must be fit to leave."""
        if not traces:
            return True
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.trace.export import SpanExportResult

        if self._exporter is None:
            self._exporter = OTLPSpanExporter(
                endpoint=self._endpoint, headers=self._headers, timeout=self._timeout_s
            )
        sender = resource()
        spans = [span for trace in traces for span in otel_spans(trace, sender)]
        return self._exporter.export(spans) is SpanExportResult.SUCCESS

    def close(self) -> None:
        """Let go of connections."""
        if self._exporter is not None:
            self._exporter.shutdown()  # type: ignore[no-untyped-call]  # the package leaves it bare
            self._exporter = None
