"""Traces are searched, seen by whom they belong to, masked, and removed in time."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from knowledge.warehouse.answers import ANSWER, CITATION, TRACE
from knowledge.warehouse.evidence_store import EvidenceStore
from knowledge.warehouse.feedback import FEEDBACK
from knowledge.warehouse.schema import HEAD, MIGRATIONS
from knowledge.warehouse.trace_record import (
    MAX_SPANS,
    MAX_TRACE_CHARACTERS,
    answered_trace,
    failed_trace,
)
from knowledge.warehouse.trace_store import TraceFilter, TraceStore
from leadline.access import LOCAL_OWNER, Principal, Scope
from leadline.errors import InputError, NotFoundError
from leadline.evidence import Planning
from tests.leadline.evidence_samples import answer
from tests.leadline.planted import PLANTED, planted

NOON = datetime(2025, 11, 20, 12, tzinfo=UTC)
EVERYONE = TraceFilter()
ADMIN = LOCAL_OWNER
EAST = Principal("east", frozenset({"manager"}), Scope(regions=frozenset({"华东"})))
SOUTH = Principal("south", frozenset({"manager"}), Scope(regions=frozenset({"华南"})))
BOSS = Principal("boss", frozenset({"manager"}))


def span(number: int, name: str, kind: str = "CHAIN", **more: Any) -> dict[str, Any]:
    """One span; the first is the root and parent of the others."""
    made = {
        "span_id": f"{number:016x}",
        "parent_id": None if number == 1 else f"{1:016x}",
        "name": name,
        "kind": kind,
        "start_ms": float(number),
        "duration_ms": 1.0,
        "status": "ok",
        "error": None,
        "attributes": {},
        "events": [],
    }
    return {**made, **more}


ROOT = span(1, "invoke_agent leadline", "AGENT")


@dataclass
class Finished:
    """What a trace that was recorded offers."""

    trace_id: str
    spans: list[dict[str, Any]] = field(default_factory=lambda: [ROOT])
    started_at: datetime = NOON
    elapsed_ms: float = 40.0

    def as_json(self) -> list[dict[str, object]]:
        return list(self.spans)


Keep = Callable[..., None]


@pytest.fixture
def evidence(engine: sa.Engine) -> EvidenceStore:
    return EvidenceStore(engine)


@pytest.fixture
def traces(engine: sa.Engine) -> TraceStore:
    return TraceStore(engine)


@pytest.fixture
def keep(evidence: EvidenceStore) -> Keep:
    """Store answer `number`, asked `number` minutes after noon."""

    def store(
        number: int,
        question: str = "各大区销售额",
        principal: Principal = ADMIN,
        spans: list[dict[str, Any]] | None = None,
        **more: Any,
    ) -> None:
        given = replace(answer(number), question=question, **more)
        evidence.save(
            given,
            conversation_id=f"V{number}",
            principal=principal,
            spans=spans or [ROOT],
            started_at=NOON + timedelta(minutes=number),
        )

    return store


def ids(store: TraceStore, wanted: TraceFilter = EVERYONE, who: Principal = ADMIN) -> list[str]:
    return [item.trace_id for item in store.list(wanted, who).items]


class TestSummary:
    def test_of_an_answer(self, keep: Keep, traces: TraceStore) -> None:
        planned = Planning(
            "llm",
            model="m-1",
            llm_calls=2,
            input_tokens=900,
            output_tokens=80,
            cost=Decimal("0.0123"),
            currency="USD",
        )
        spans = [
            ROOT,
            span(2, "chat m-1", "LLM", status="error", error="429"),
            span(3, "verify", "GUARDRAIL", attributes={"verdict": "held"}),
        ]
        keep(1, spans=spans, planning=planned, latency_ms=1250.5)
        (item,) = traces.list(EVERYONE, ADMIN).items
        assert (item.trace_id, item.answer_id, item.conversation_id) == ("T1", "A1", "V1")
        assert (item.question, item.status, item.principal) == ("各大区销售额", "answered", "local")
        assert (item.started_at, item.duration_ms) == (NOON + timedelta(minutes=1), 1250.5)
        assert (item.planner, item.model, item.llm_calls) == ("llm", "m-1", 2)
        assert (item.input_tokens, item.output_tokens) == (900, 80)
        assert (item.cost, item.currency) == ("0.0123", "USD")
        assert (item.span_count, item.failed_spans, item.verdict) == (3, 1, "held")
        assert item.error is None
        assert item.feedback is None

    def test_a_rejection_is_told_even_where_the_next_text_held(
        self, keep: Keep, traces: TraceStore
    ) -> None:
        verdicts = ["rejected: a digit", "held"]
        spans = [span(at + 2, "verify", attributes={"verdict": v}) for at, v in enumerate(verdicts)]
        keep(1, spans=[ROOT, *spans])
        keep(2, spans=[ROOT, span(2, "coverage", attributes={"verdict": "missing: " + "x" * 99})])
        assert [i.verdict for i in traces.list(EVERYONE, ADMIN).items] == [None, "rejected"]

    def test_the_askers_feedback(self, keep: Keep, traces: TraceStore, engine: sa.Engine) -> None:
        keep(1, principal=EAST)
        opinion = {"answer_id": "A1", "created_at": NOON, "updated_at": NOON}
        with engine.begin() as connection:
            for name, rating in (("boss", "down"), ("east", "up")):
                connection.execute(
                    sa.insert(FEEDBACK), {**opinion, "principal": name, "rating": rating}
                )
        assert [item.feedback for item in traces.list(EVERYONE, ADMIN).items] == ["up"]

    def test_a_failed_question_keeps_its_trace(self, traces: TraceStore) -> None:
        broken = {**ROOT, "status": "error", "error": "OSError: disk full"}
        chat = span(
            2,
            "chat m-1",
            "LLM",
            attributes={"gen_ai.request.model": "m-1", "gen_ai.usage.input_tokens": 70},
        )
        kept = traces.save_failed(Finished("T9", [broken, chat]), "销售额", EAST)
        (item,) = traces.list(TraceFilter(status="failed"), EAST).items
        assert item == kept.summary
        assert (item.answer_id, item.question, item.error) == (None, "销售额", "OSError: disk full")
        assert (item.planner, item.model, item.llm_calls) == ("llm", "m-1", 1)
        assert (item.input_tokens, item.failed_spans, item.duration_ms) == (70, 1, 40.0)
        assert traces.get("T9", EAST).spans == (broken, chat)


class TestSearching:
    def test_by_words_of_the_question_taken_literally(self, keep: Keep, traces: TraceStore) -> None:
        for number, question in enumerate(
            ["Sales up 100%", "sales up 1000", "毛利_率", "毛利率", r"a\b"], start=1
        ):
            keep(number, question)
        assert ids(traces, TraceFilter(text="SALES")) == ["T2", "T1"]
        assert ids(traces, TraceFilter(text="100%")) == ["T1"]
        assert ids(traces, TraceFilter(text="利_")) == ["T3"]
        assert ids(traces, TraceFilter(text="\\")) == ["T5"]
        assert ids(traces, TraceFilter(text="' OR 1=1 --")) == []

    def test_by_status_planner_verdict_duration_and_conversation(
        self, keep: Keep, traces: TraceStore
    ) -> None:
        keep(1, status="refused", latency_ms=5.0)
        keep(2, planning=Planning("llm"), latency_ms=500.0)
        keep(3, spans=[ROOT, span(2, "verify", attributes={"verdict": "held"})], latency_ms=50.0)
        assert ids(traces, TraceFilter(status="refused")) == ["T1"]
        assert ids(traces, TraceFilter(planner="llm")) == ["T2"]
        assert ids(traces, TraceFilter(verdict="held")) == ["T3"]
        assert ids(traces, TraceFilter(min_ms=50)) == ["T3", "T2"]
        assert ids(traces, TraceFilter(conversation_id="V3")) == ["T3"]
        assert ids(traces, TraceFilter(planner="rules", status="answered")) == ["T3"]

    def test_pages_miss_and_repeat_nothing_where_instants_are_equal(
        self, traces: TraceStore
    ) -> None:
        for number in range(7):
            at = NOON + timedelta(seconds=number // 3)
            traces.save_failed(Finished(f"T{number}", started_at=at), "q", ADMIN)
        seen: list[str] = []
        cursor: str | None = None
        for _ in range(4):
            page = traces.list(EVERYONE, ADMIN, before=cursor, limit=2)
            seen += [item.trace_id for item in page.items]
            cursor = page.next
        assert seen == ["T6", "T5", "T4", "T3", "T2", "T1", "T0"]
        assert cursor is None

    def test_before_an_instant(self, keep: Keep, traces: TraceStore) -> None:
        keep(1)
        keep(2)
        instant = (NOON + timedelta(minutes=2)).isoformat()
        assert [i.trace_id for i in traces.list(EVERYONE, ADMIN, before=instant).items] == ["T1"]

    @pytest.mark.parametrize("cursor", ["yesterday", "", "2025-11-20T12:00:00", "~T1"])
    def test_what_is_no_cursor_is_refused(self, traces: TraceStore, cursor: str) -> None:
        with pytest.raises(InputError, match="before="):
            traces.list(EVERYONE, ADMIN, before=cursor)


class TestVisibility:
    def test_everyone_sees_their_own_and_overseers_see_all(
        self, keep: Keep, traces: TraceStore
    ) -> None:
        for number, who in enumerate((EAST, SOUTH, BOSS), start=1):
            keep(number, principal=who)
        assert ids(traces, who=EAST) == ["T1"]
        assert ids(traces, who=SOUTH) == ["T2"]
        assert ids(traces, who=BOSS) == ["T3"]
        analyst = Principal("anna", frozenset({"analyst"}))
        for overseer in (ADMIN, analyst):
            assert ids(traces, who=overseer) == ["T3", "T2", "T1"]
            assert traces.get("T1", overseer).summary.principal == "east"

    def test_what_was_asked_under_another_scope_is_hidden(
        self, keep: Keep, traces: TraceStore
    ) -> None:
        keep(1, principal=EAST)
        moved = replace(EAST, scope=SOUTH.scope)
        assert ids(traces, who=moved) == []
        for read in (
            lambda: traces.get("T1", moved),
            lambda: traces.of_answer("A1", moved),
            lambda: traces.get("T1", SOUTH),
        ):
            with pytest.raises(NotFoundError):
                read()
        assert traces.of_answer("A1", EAST).summary.trace_id == "T1"

    def test_an_administrator_within_a_scope_is_bound_by_it(
        self, keep: Keep, traces: TraceStore
    ) -> None:
        keep(1, principal=EAST)
        assert ids(traces, who=replace(SOUTH, roles=frozenset({"admin"}))) == []

    def test_unknown_ids_are_not_found(self, traces: TraceStore) -> None:
        with pytest.raises(NotFoundError, match="no trace 'T9' is stored"):
            traces.get("T9", ADMIN)
        with pytest.raises(NotFoundError):
            traces.of_answer("A9", ADMIN)


class TestPruning:
    def test_removes_the_old_and_nothing_else(
        self, keep: Keep, traces: TraceStore, engine: sa.Engine
    ) -> None:
        keep(1)
        keep(2)
        traces.save_failed(Finished("T0"), "q", ADMIN)
        # T0 at 12:00, T1 at 12:01, T2 at 12:02; a day later, less 58 seconds, T1 is just too old
        now = NOON + timedelta(days=1, minutes=2)
        assert traces.prune(1, now=now) == 2
        assert ids(traces) == ["T2"]
        assert traces.prune(1, now=now) == 0
        with engine.connect() as connection:
            for table, rows in ((ANSWER, 2), (CITATION, 4), (TRACE, 1)):
                assert connection.scalar(sa.select(sa.func.count()).select_from(table)) == rows

    def test_in_parts(self, traces: TraceStore, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("knowledge.warehouse.trace_store.PRUNED_AT_ONCE", 2)
        for number in range(7):
            at = NOON + timedelta(minutes=number)
            traces.save_failed(Finished(f"T{number}", started_at=at), "q", ADMIN)
        later = NOON + timedelta(days=9)
        assert traces.prune(1, now=later, most=3) == 3
        assert ids(traces) == ["T6", "T5", "T4", "T3"]
        assert traces.prune(1, now=later) == 4


class TestMasking:
    @given(
        secret=planted(),
        place=st.sampled_from(["question", "attribute", "error", "event", "row", "key"]),
    )
    def test_no_planted_secret_is_kept(self, secret: str, place: str) -> None:
        here = {name: f"的 {secret} 。" if name == place else "" for name in _PLACES}
        spans = [
            {**ROOT, "error": here["error"] or None, "status": "error"},
            span(
                2,
                "execute_tool query",
                "TOOL",
                attributes={
                    "input.value": here["attribute"],
                    "gen_ai.tool.call.result": {"rows": [[here["row"], 3.5]]},
                    here["key"]: 1,
                },
                events=[{"name": "retry", "at_ms": 1.0, "attributes": {"text": here["event"]}}],
            ),
        ]
        failed = failed_trace(Finished("T1", spans), "问" + here["question"], ADMIN)
        given = replace(answer(), question="问" + here["question"])
        told = answered_trace(given, spans, conversation_id="V", principal=ADMIN, started_at=NOON)
        for kept in (failed, told):
            text = f"{kept.summary} {json.dumps(kept.spans, ensure_ascii=False)}"
            assert secret not in text
            assert not any(form.search(text) for form in PLANTED)

    @settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=10)
    @given(secret=planted())
    def test_nor_written(self, engine: sa.Engine, secret: str) -> None:
        store = TraceStore(engine, secrets=("correct-horse",))
        asked = f"的 {secret} 。correct-horse"
        trace = Finished("T1", [span(1, "plan", attributes={"question": asked})])
        store.save_failed(trace, asked, ADMIN)
        with engine.begin() as connection:
            row = connection.execute(sa.select(TRACE)).one()
            connection.execute(sa.delete(TRACE))
        assert secret not in str(row)
        assert "correct-horse" not in str(row)


_PLACES = ("question", "attribute", "error", "event", "row", "key")


class TestBounds:
    def test_a_huge_trace_is_cut_and_says_so(self) -> None:
        spans = [
            span(number, "chat", attributes={"text": "的" * 3000, "n": number})
            for number in range(1, MAX_SPANS + 4)
        ]
        kept = failed_trace(Finished("T1", spans), "q", ADMIN)
        assert len(kept.spans) == MAX_SPANS
        assert kept.spans[0]["attributes"]["spans_left_out"] == 3
        assert kept.spans[1]["attributes"] == {"text": "[left out, 3002 characters]", "n": 2}
        assert len(json.dumps(kept.spans)) < MAX_TRACE_CHARACTERS

    def test_what_no_database_takes_is_written_out(self, traces: TraceStore) -> None:
        odd = "a\x00b\ud800c"
        spans = [{**ROOT, "error": odd, "attributes": {"input.value": odd, odd: 1}}]
        traces.save_failed(Finished("T1", spans), odd, ADMIN)
        kept = traces.get("T1", ADMIN)
        assert kept.summary.question == kept.summary.error == r"a\x00b\ud800c"
        assert kept.spans[0]["attributes"] == {
            "input.value": r"a\x00b\ud800c",
            r"a\x00b\ud800c": 1,
        }

    def test_what_json_does_not_know_is_kept_as_text(self, traces: TraceStore) -> None:
        odd = {"cost": Decimal("1.5"), "rate": float("nan"), "at": NOON}
        traces.save_failed(Finished("T1", [{**ROOT, "attributes": odd}]), "q", ADMIN)
        assert traces.get("T1", ADMIN).spans[0]["attributes"] == {
            "cost": "1.5",
            "rate": "nan",
            "at": str(NOON),
        }


class TestMigration:
    def test_traces_of_before_can_be_searched(self, bare_engine: sa.Engine) -> None:
        def migrate(to: str) -> None:
            from alembic import command
            from alembic.config import Config

            config = Config()
            config.set_main_option("script_location", str(MIGRATIONS))
            with bare_engine.begin() as connection:
                config.attributes["connection"] = connection
                command.upgrade(config, to)

        migrate("0003")
        asked = {
            "answer_id": "A1",
            "conversation_id": "V1",
            "principal": "east",
            "scope_hash": EAST.scope.digest,
            "question": "毛利率",
            "status": "answered",
            "language": "zh",
            "body": "{}",
            "created_at": NOON,
            "trace_id": "T1",
        }
        spans = [
            {"name": "plan", "start_ms": 0.0, "duration_ms": 2.0, "attributes": {}, "error": None},
            {
                "name": "verify",
                "start_ms": 2.0,
                "duration_ms": 1.0,
                "attributes": {"verdict": "rejected: digit"},
                "error": "EvidenceError: digit",
            },
        ]
        old = sa.table("trace", *(sa.column(c) for c in ("trace_id", "answer_id", "spans")))
        with bare_engine.begin() as connection:
            connection.execute(sa.insert(ANSWER), asked)
            at = sa.column("started_at")
            at.type = TRACE.c.started_at.type
            old.append_column(at)
            row = {"trace_id": "T1", "answer_id": "A1", "started_at": NOON}
            connection.execute(sa.insert(old), {**row, "spans": json.dumps(spans)})
        migrate(HEAD)
        (item,) = TraceStore(bare_engine).list(TraceFilter(text="毛利"), EAST).items
        assert (item.answer_id, item.conversation_id, item.status) == ("A1", "V1", "answered")
        assert (item.planner, item.span_count, item.failed_spans) == ("rules", 2, 1)
        assert item.verdict == "rejected"
        plan, verify = TraceStore(bare_engine).get("T1", EAST).spans
        assert (plan["kind"], plan["status"], verify["status"]) == ("CHAIN", "ok", "error")
        assert plan["span_id"] != verify["span_id"]
