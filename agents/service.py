"""From a question to a stored answer: plan → run → narrate → verify → keep."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from agents import replies
from agents.conversation import Conversation
from agents.executor import call, execute
from agents.narrate import Told, narrate
from agents.plan import ClarifyPlan, MetaPlan, Plan, PlannerTrace, QueryPlan, RefusePlan
from agents.rules.asking import definitions
from agents.rules.context import PlannerContext
from agents.rules.draft import Note
from agents.rules.planner import members_named
from agents.rules.planner import plan as plan_by_rules
from agents.rules.text import spoken_language
from agents.rules.vocabulary import planner_context
from agents.slots import render
from agents.suggest import chart_for, followups
from agents.traces import Trace
from agents.verify import verify
from agents.wording import spec_of
from knowledge.semantic.model import load_model
from leadline.access import LOCAL_OWNER, Principal, Scope
from leadline.errors import EvidenceError, NotFoundError, SpecError
from leadline.evidence import Answer, Citation, Label, ToolResult
from leadline.settings import Settings
from leadline.types import Language
from tools.definition import ToolContext

if TYPE_CHECKING:
    from knowledge.warehouse.evidence_store import EvidenceStore
    from knowledge.warehouse.snapshot import Snapshot, SnapshotStore

CONTEXTS_KEPT = 8
"""Planner contexts (snapshot × scope) held in memory."""


@dataclass(slots=True)
class AskService:
    """Answers questions over the snapshot in force."""

    settings: Settings
    snapshots: SnapshotStore
    evidence: EvidenceStore
    _contexts: dict[tuple[int, str], PlannerContext] = field(default_factory=dict)

    def ask(
        self,
        question: str,
        *,
        context: Sequence[str] = (),
        principal: Principal = LOCAL_OWNER,
        conversation: Conversation | None = None,
    ) -> Answer:
        """Answer one question.

        Args:
            question: as typed, Chinese, English or mixed.
            context: earlier questions of the same conversation, oldest first (run, not stored).
            principal: who asks; their scope bounds every figure and every name.
            conversation: kept state, for callers that hold one; `context` is run in it first.

        Raises:
            NotReadyError: nothing is published yet.
        """
        talk = conversation or Conversation()
        snapshot = self.snapshots.current()
        for earlier in context:
            self._answer(earlier, snapshot, principal, talk, Trace())
        trace = Trace()
        answer = self._answer(question, snapshot, principal, talk, trace)
        self.evidence.save(
            answer,
            conversation_id=talk.conversation_id,
            principal=principal,
            spans=trace.as_json(),
        )
        return answer

    def warm(self, principal: Principal = LOCAL_OWNER) -> None:
        """Read words and members of the snapshot in force, so that the first question is quick."""
        self._context(self.snapshots.current(), principal.scope)

    def _context(self, snapshot: Snapshot, scope: Scope) -> PlannerContext:
        key = (snapshot.number, scope.digest)
        if key not in self._contexts:
            while len(self._contexts) >= CONTEXTS_KEPT:
                self._contexts.pop(next(iter(self._contexts)))
            self._contexts[key] = planner_context(snapshot, scope, self.settings.instance)
        return self._contexts[key]

    def _answer(
        self,
        question: str,
        snapshot: Snapshot,
        principal: Principal,
        talk: Conversation,
        trace: Trace,
    ) -> Answer:
        answer_id = uuid.uuid4().hex[:20]
        with trace.span("context", snapshot=snapshot.number, scope=principal.scope.digest):
            ctx = self._context(snapshot, principal.scope)
        tools = ToolContext(snapshot, principal.scope, ctx.model, self.settings.row_cap)
        with trace.span("plan", question=question) as span:
            seen = PlannerTrace()
            plan = plan_by_rules(question, ctx, talk.before, seen)
            span.attributes.update(
                {"planner": "rules", "plan": type(plan).__name__, **asdict(seen)}
            )
        language = spoken_language(question, members_named(seen))
        body = self._carry_out(plan, ctx, tools, language, trace, answer_id, talk, principal)
        return Answer(
            answer_id=answer_id,
            question=question,
            language=language,
            snapshot=snapshot.number,
            as_of=snapshot.as_of,
            latency_ms=round(trace.elapsed_ms, 1),
            trace_id=trace.trace_id,
            **body,  # type: ignore[arg-type]
        )

    def _carry_out(
        self,
        plan: Plan,
        ctx: PlannerContext,
        tools: ToolContext,
        language: Language,
        trace: Trace,
        answer_id: str,
        talk: Conversation,
        principal: Principal,
    ) -> dict[str, object]:
        if isinstance(plan, QueryPlan):
            try:
                told = execute(plan, tools, trace, answer_id)
            except SpecError as error:
                plan = RefusePlan(Note(error.message, error.message))
            else:
                apart = replies.no_overlap(plan, told[0].result)
                if apart is not None:
                    return replies.asking(apart, language)
                return self._tell(plan, told, ctx, tools, language, trace, talk, principal)
        talk.remember(plan, (), "")
        if isinstance(plan, MetaPlan):
            return self._meta(plan, ctx, tools, language, trace, answer_id, talk)
        return replies.asking(plan, language)

    def _tell(
        self,
        plan: QueryPlan,
        told: tuple[Told, ...],
        ctx: PlannerContext,
        tools: ToolContext,
        language: Language,
        trace: Trace,
        talk: Conversation,
        principal: Principal,
    ) -> dict[str, object]:
        citations = tuple(t.citation for t in told)
        with trace.span("narrate", narrator="rules") as span:
            template = narrate(plan.built, told, language)
            if not principal.scope.unlimited:
                template += "\n" + replies.LIMITED[language]
            text, _ = render(template, citations, language)
            span.attributes["template"] = template
        text = self._verified(template, text, citations, language, trace)
        spec = spec_of(told[0].result)
        assert spec is not None  # noqa: S101 - the main result of a query plan is a query
        reading = replies.reading(spec, plan.notes, tools, language, principal)
        talk.remember(plan, told, reading)
        return {
            "status": "answered",
            "text": text,
            "label": Label.DERIVED if plan.notes else Label.CERTIFIED,
            "reading": reading,
            "citations": citations,
            "options": (),
            "followups": followups(spec, ctx, language),
            "chart": chart_for(told[0].result, spec),
        }

    def _verified(
        self,
        template: str,
        text: str,
        citations: tuple[Citation, ...],
        language: Language,
        trace: Trace,
    ) -> str:
        with trace.span("verify") as span:
            try:
                filled = verify(template, text, citations, language)
                span.attributes["verdict"] = "held"
                span.attributes["slots"] = len(filled)
            except EvidenceError as error:
                span.attributes["verdict"] = f"rejected: {error.message}"
                raise
        return text

    def _meta(
        self,
        plan: MetaPlan,
        ctx: PlannerContext,
        tools: ToolContext,
        language: Language,
        trace: Trace,
        answer_id: str,
        talk: Conversation,
    ) -> dict[str, object]:
        if plan.kind == "help":
            return replies.help_text(ctx, language)
        if plan.kind == "how_computed" and not plan.metrics:
            return replies.asking(
                ClarifyPlan(
                    Note("想了解哪个指标的口径？", "Which figure should be explained?"),
                    definitions(ctx, language),
                ),
                language,
            )
        name = "freshness" if plan.kind == "as_of" else "explain"
        arguments: dict[str, object] = (
            {} if name == "freshness" else {"metrics": list(plan.metrics)}
        )
        result = call(name, arguments, tools, trace)
        citation = Citation(f"{answer_id}-1", 1, result)
        template = replies.meta_template(name, len(result.rows), language)
        text, _ = render(template, (citation,), language)
        self._verified(template, text, (citation,), language, trace)
        return {
            "status": "answered",
            "text": text,
            "label": Label.CERTIFIED,
            "reading": talk.last_reading if name == "explain" else "",
            "citations": (citation,),
            "options": (),
            "followups": (),
            "chart": None,
        }

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
        snapshot = self.snapshots.get(record.result.snapshot)
        model = load_model()
        context = ToolContext(snapshot, record.scope, model, self.settings.row_cap)
        again = call(record.result.tool, record.result.arguments, context, Trace())
        return Replay(
            again, again.digest, record.digest, model.version != record.result.model_version
        )

    def _may_see(self, scope_hash: str, what: str, principal: Principal) -> None:
        """A limited principal sees only what was computed under the very same scope."""
        if not principal.scope.unlimited and scope_hash != principal.scope.digest:
            raise NotFoundError(f"nothing stored under {what!r}")


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
