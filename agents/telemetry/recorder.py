"""What happens to a trace once its question is done: kept, sent on, and removed in time."""

from __future__ import annotations

import logging
import threading
import time
from dataclasses import dataclass, field

import sqlalchemy as sa

from agents.telemetry.attributes import failure_attributes
from agents.telemetry.exporter import TraceExporter
from agents.telemetry.redaction import export_key
from agents.traces import Trace
from knowledge.warehouse.trace_record import StoredTrace
from knowledge.warehouse.trace_store import TraceStore
from leadline.access import Principal
from leadline.errors import LeadlineError
from leadline.settings import Settings

LOG = logging.getLogger(__name__)

PRUNE_EVERY_S = 24 * 3600.0
PRUNED_BESIDE_AN_ANSWER = 200
"""Traces removed after one answer; what is older still goes after the next ones."""


@dataclass(slots=True)
class TraceRecorder:
    """Keeps the traces of one service. Nothing here may cost an answer."""

    store: TraceStore
    retention_days: int
    exporter: TraceExporter | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _prune_at: float = 0.0
    """On the monotonic clock; the first answer of a process looks."""

    def answered(self, trace: StoredTrace) -> None:
        """After an answer and its trace were stored together."""
        self._pass_on(trace)
        self._prune_sometimes()

    def failed(
        self,
        trace: Trace,
        error: Exception,
        question: str,
        principal: Principal,
        *,
        conversation_id: str,
    ) -> None:
        """After a question ended in an error, which the caller raises on.

        Where the trace cannot be stored either, that is logged: the first error matters more.
        """
        if trace.root is not None:
            trace.root.attributes.update(failure_attributes(error))
        try:
            kept = self.store.save_failed(
                trace, question, principal, conversation_id=conversation_id
            )
        except Exception:
            LOG.exception("the trace of a failed question could not be stored")
            return
        self._pass_on(kept)

    def close(self) -> None:
        """Send what waits, as far as time allows."""
        if self.exporter is not None:
            self.exporter.close()

    def _pass_on(self, trace: StoredTrace) -> None:
        if self.exporter is not None:
            self.exporter.submit(trace)

    def _prune_sometimes(self) -> None:
        """Once a day, a bounded part at a time."""
        now = time.monotonic()
        with self._lock:
            if now < self._prune_at:
                return
            self._prune_at = now + PRUNE_EVERY_S
        try:
            removed = self.store.prune(self.retention_days, most=PRUNED_BESIDE_AN_ANSWER)
        except (LeadlineError, sa.exc.SQLAlchemyError):
            LOG.exception("old traces could not be removed")
            return
        if removed == PRUNED_BESIDE_AN_ANSWER:
            with self._lock:
                self._prune_at = now


def open_recorder(settings: Settings, engine: sa.Engine) -> TraceRecorder:
    """The recorder of an instance, with an exporter where an endpoint is set."""
    exporter = None
    if settings.tracing.otlp_endpoint is not None:
        exporter = TraceExporter.of(settings.tracing, export_key(settings.data_dir))
    return TraceRecorder(
        TraceStore(engine, secrets=known_secrets(settings)),
        settings.tracing.retention_days,
        exporter,
    )


def known_secrets(settings: Settings) -> tuple[str, ...]:
    """What must stand in no trace, whatever its form: keys, tokens, the database's password."""
    found = [settings.token or "", *settings.tracing.otlp_headers.values()]
    if settings.llm is not None:
        found.append(settings.llm.api_key)
    found.append(str(sa.make_url(settings.database_url).password or ""))
    return tuple(secret for secret in found if secret)
