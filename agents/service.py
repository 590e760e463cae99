"""From a question to a stored answer: plan → run → narrate → verify → keep."""

from __future__ import annotations

import threading
import uuid
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from agents.body import Body
from agents.conversation import Conversation
from agents.events import Emit, Event, silent
from agents.executor import call
from agents.llm.turn import Model
from agents.orchestrator import respond
from agents.plan import PlannerTrace
from agents.recall import recall
from agents.rules.context import PlannerContext
from agents.rules.planner import members_named
from agents.rules.planner import plan as plan_by_rules
from agents.rules.text import spoken_language
from agents.rules.vocabulary import planner_context
from agents.telemetry.attributes import answer_attributes, plan_attributes, root_attributes
from agents.telemetry.conventions import ROOT_SPAN
from agents.traces import SpanKind, Trace
from agents.turn import Turn
from knowledge.semantic.model import load_model
from knowledge.warehouse.derived import DerivedStore
from knowledge.warehouse.forecast_store import ForecastStore
from knowledge.warehouse.rewind import derived_root, rewind
from leadline.access import LOCAL_OWNER, Principal, Scope
from leadline.errors import NotFoundError
from leadline.evidence import Answer, ToolResult
from leadline.settings import PlannerMode, Settings
from tools.definition import ToolContext

if TYPE_CHECKING:
    from agents.telemetry.recorder import TraceRecorder
    from knowledge.warehouse.evidence_store import EvidenceStore
    from knowledge.warehouse.snapshot import Snapshot, SnapshotStore

CONTEXTS_KEPT = 8
"""Planner contexts (snapshot × scope) held in memory."""

CONVERSATIONS_KEPT = 500
"""Conversations held in memory; others are recalled from the store."""


def new_answer_id() -> str:
    """A name for an answer that nobody can guess."""
    return uuid.uuid4().hex[:20]


@dataclass(slots=True)
class AskService:
    """Answers questions over the snapshot in force; may be called from many threads at once."""

    settings: Settings
    snapshots: SnapshotStore
    evidence: EvidenceStore
    model: Model | None = None
    traces: TraceRecorder | None = None
    """Where traces go besides the store that answers are kept in; failed questions have theirs."""
    forecasts: ForecastStore | None = None
    """Forecasts that were kept when they were made."""
    _contexts: dict[tuple[int, str], PlannerContext] = field(default_factory=dict)
    _talks: OrderedDict[tuple[str, str, str], Conversation] = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _reading: threading.Lock = field(default_factory=threading.Lock)

    def ask(
        self,
        question: str,
        *,
        context: Sequence[str] = (),
        principal: Principal = LOCAL_OWNER,
        conversation: Conversation | None = None,
        planner: PlannerMode | None = None,
        snapshot: int | None = None,
        emit: Emit = silent,
        answer_id: str | None = None,
        trace_id: str | None = None,
    ) -> Answer:
        """Answer one question.

        Args:
            question: as typed, Chinese, English or mixed.
            context: earlier questions of the same conversation, oldest first (run, not stored).
            principal: who asks; their scope bounds every figure and every name.
            conversation: kept state, for callers that hold one; `context` is run in it first.
            planner: who plans; the setting by default.
            snapshot: answer on this one rather than on the one in force.
            emit: hears of each step while it happens.
            answer_id: from `new_answer_id`, for callers that name the answer before they ask.
            trace_id: 32 hex digits, likewise.

        Raises:
            NotReadyError: nothing is published yet.
            NotFoundError: there is no such snapshot.
        """
        talk = conversation or Conversation()
        pinned = self.snapshots.current() if snapshot is None else self.snapshots.get(snapshot)
        mode = planner or self.settings.planner
        with talk.lock:
            for earlier in context:
                self._answer(earlier, pinned, principal, talk, Trace(), mode, silent)
            trace = Trace() if trace_id is None else Trace(trace_id)
            try:
                answer = self._answer(
                    question, pinned, principal, talk, trace, mode, emit, answer_id
                )
            except Exception as error:
                if self.traces is not None:
                    self.traces.failed(
                        trace, error, question, principal, conversation_id=talk.conversation_id
                    )
                raise
            kept = self.evidence.save(
                answer,
                conversation_id=talk.conversation_id,
                principal=principal,
                spans=trace.as_json(),
                started_at=trace.started_at,
            )
        if self.traces is not None:
            self.traces.answered(kept)
        return answer

    def conversation(
        self, conversation_id: str, principal: Principal = LOCAL_OWNER
    ) -> Conversation:
        """The conversation with this id as it stands, also after a restart.

        Raises:
            NotFoundError: nothing was asked in it, or it is somebody else's.
        """
        key = (conversation_id, principal.name, principal.scope.digest)
        with self._lock:
            if key in self._talks:
                self._talks.move_to_end(key)
                return self._talks[key]
        records = self.evidence.conversation(conversation_id)
        own = [
            r
            for r in records
            if r.principal == principal.name and r.scope_hash == principal.scope.digest
        ]
        if not own:
            raise NotFoundError(f"no conversation {conversation_id!r}")
        talk = recall(
            conversation_id, own, self._context(self.snapshots.current(), principal.scope)
        )
        return self.keep(talk, principal)

    def keep(self, talk: Conversation, principal: Principal = LOCAL_OWNER) -> Conversation:
        """Hold a conversation in memory for the next question; the one held already, if any."""
        key = (talk.conversation_id, principal.name, principal.scope.digest)
        with self._lock:
            held = self._talks.setdefault(key, talk)
            self._talks.move_to_end(key)
            while len(self._talks) > CONVERSATIONS_KEPT:
                self._talks.popitem(last=False)
        return held

    def warm(self, principal: Principal = LOCAL_OWNER) -> None:
        """Read words and members of the snapshot in force, so that the first question is quick."""
        self._context(self.snapshots.current(), principal.scope)
        if self.model is not None:
            self.model.warm()

    def tools(self, snapshot: Snapshot, scope: Scope) -> ToolContext:
        """What the tools run on, for a caller of this scope."""
        derived = DerivedStore(derived_root(snapshot, self.settings.derived_dir))
        return ToolContext(
            snapshot, scope, load_model(), self.settings.row_cap, derived, self.forecasts
        )

    def as_of(self, number: int, day: date) -> Snapshot:
        """A snapshot as it stood on a day, for evidence of an earlier one (weekly briefs).

        Raises:
            NotFoundError: there is no such snapshot.
            SpecError: the day is before all orders.
        """
        return rewind(self.snapshots.get(number), day, self.settings.derived_dir)

    def close(self) -> None:
        """Send the traces that still wait, as far as a few seconds allow."""
        if self.traces is not None:
            self.traces.close()

    def planner_context(self, principal: Principal = LOCAL_OWNER) -> PlannerContext:
        """What the planners know of the snapshot in force, within the principal's scope."""
        return self._context(self.snapshots.current(), principal.scope)

    def _context(self, snapshot: Snapshot, scope: Scope) -> PlannerContext:
        key = (snapshot.number, scope.digest)
        found = self._contexts.get(key)
        if found is not None:
            return found
        with self._reading:  # one thread reads a snapshot's members, the others wait for it
            found = self._contexts.get(key)
            if found is None:
                found = planner_context(snapshot, scope, self.settings.instance)
                while len(self._contexts) >= CONTEXTS_KEPT:
                    self._contexts.pop(next(iter(self._contexts)))
                self._contexts[key] = found
            return found

    def _answer(
        self,
        question: str,
        snapshot: Snapshot,
        principal: Principal,
        talk: Conversation,
        trace: Trace,
        mode: PlannerMode,
        emit: Emit,
        answer_id: str | None = None,
    ) -> Answer:
        answer_id = answer_id or new_answer_id()
        accepted = {
            "answer_id": answer_id,
            "conversation_id": talk.conversation_id,
            "trace_id": trace.trace_id,
            "question": question,
            "snapshot": snapshot.number,
            "as_of": snapshot.as_of.isoformat(),
        }
        emit(Event("accepted", dict(accepted)))
        with trace.span(ROOT_SPAN, SpanKind.AGENT) as root:
            root.attributes.update(
                root_attributes(question, conversation_id=talk.conversation_id, user=principal.name)
            )
            with trace.span("context", snapshot=snapshot.number, scope=principal.scope.digest):
                ctx = self._context(snapshot, principal.scope)
            with trace.span("plan") as span:
                seen = PlannerTrace()
                plan = plan_by_rules(question, ctx, talk.before, seen)
                span.attributes.update(plan_attributes(question, plan, seen))
            turn = Turn(
                question=question,
                language=spoken_language(question, members_named(seen)),
                answer_id=answer_id,
                principal=principal,
                talk=talk,
                ctx=ctx,
                tools=self.tools(snapshot, principal.scope),
                trace=trace,
                emit=emit,
            )
            body = respond(turn, plan, seen, mode, self.model, self.settings.llm)
        answer = _given(turn, body)
        root.attributes.update(answer_attributes(answer))
        return answer

    def stored_answer(self, answer_id: str, principal: Principal = LOCAL_OWNER) -> Answer:
        """An answer as it was given.

        Raises:
            NotFoundError: there is none, or it was given under another scope.
        """
        record = self.evidence.record(answer_id)
        self._may_see(record.scope_hash, answer_id, principal)
        return record.answer

    def stored_trace(
        self, answer_id: str, principal: Principal = LOCAL_OWNER
    ) -> list[dict[str, Any]]:
        """The spans of an answer.

        Raises:
            NotFoundError: there is none, or it was given under another scope.
        """
        self._may_see(self.evidence.record(answer_id).scope_hash, answer_id, principal)
        return self.evidence.trace(answer_id)

    def replay(self, citation_id: str, principal: Principal = LOCAL_OWNER) -> Replay:
        """Run a citation again, on its snapshot and under its scope.

        Raises:
            NotFoundError: no such citation or snapshot, or it was given under another scope.
            IntegrityError: the snapshot's files are not what its manifest says.
        """
        record = self.evidence.citation(citation_id)
        self._may_see(record.scope.digest, citation_id, principal)
        self.snapshots.verify(record.result.snapshot)
        snapshot = self.as_of(record.result.snapshot, record.result.as_of)
        model = load_model()
        context = self.tools(snapshot, record.scope)
        again = call(record.result.tool, record.result.arguments, context, Trace())
        return Replay(
            again, again.digest, record.digest, model.version != record.result.model_version
        )

    def _may_see(self, scope_hash: str, what: str, principal: Principal) -> None:
        """A limited principal sees only what was computed under the very same scope."""
        if not principal.scope.unlimited and scope_hash != principal.scope.digest:
            raise NotFoundError(f"nothing stored under {what!r}")


def _given(turn: Turn, body: Body) -> Answer:
    """The answer, with its ids, its snapshot and the time that it took."""
    snapshot = turn.tools.snapshot
    return Answer(
        answer_id=turn.answer_id,
        question=turn.question,
        status=body.status,
        text=body.text,
        language=turn.language,
        label=body.label,
        reading=body.reading,
        citations=body.citations,
        options=body.options,
        followups=body.followups,
        chart=body.chart,
        snapshot=snapshot.number,
        as_of=snapshot.as_of,
        latency_ms=round(turn.trace.elapsed_ms, 1),
        trace_id=turn.trace.trace_id,
        figures=body.figures,
        planning=body.planning,
    )


@dataclass(frozen=True, slots=True)
class Replay:
    """A citation run again: the rows now, and whether they are the rows of then."""

    result: ToolResult
    digest: str
    digest_then: str
    model_changed: bool

    @property
    def equal(self) -> bool:
        """Whether nothing differs."""
        return self.digest == self.digest_then
