"""Answers are stored whole with their evidence, and read back equal."""

from __future__ import annotations

from dataclasses import replace

import pytest
import sqlalchemy as sa

from knowledge.warehouse.answers import ANSWER, CITATION, TRACE
from knowledge.warehouse.evidence_store import EvidenceStore, citation_id_of
from leadline.access import LOCAL_OWNER, Principal, Scope
from leadline.errors import IntegrityError, NotFoundError
from tests.leadline.evidence_samples import RESULT, answer

MANAGER = Principal("王伟", frozenset({"manager"}), Scope(regions=frozenset({"华东", "华南"})))
SPANS: list[dict[str, object]] = [
    {
        "span_id": f"{number:016x}",
        "parent_id": parent,
        "name": name,
        "kind": "CHAIN",
        "start_ms": 0.1 + 0.2,
        "duration_ms": 1.5,
        "status": "ok",
        "error": None,
        "attributes": {"residual": ["满意度"]},
        "events": [{"name": "retry", "at_ms": 1.0, "attributes": {}}],
    }
    for number, name, parent in ((1, "invoke_agent leadline", None), (2, "plan", f"{1:016x}"))
]


@pytest.fixture
def store(engine: sa.Engine) -> EvidenceStore:
    return EvidenceStore(engine)


class TestSaving:
    def test_an_answer_comes_back_equal(self, store: EvidenceStore) -> None:
        store.save(answer(), conversation_id="V1", principal=MANAGER, spans=SPANS)
        assert store.answer("A1") == answer()
        record = store.record("A1")
        assert (record.conversation_id, record.principal) == ("V1", "王伟")
        assert record.scope_hash == MANAGER.scope.digest
        assert record.created_at.tzinfo is not None

    def test_a_citation_holds_all_that_a_replay_needs(self, store: EvidenceStore) -> None:
        store.save(answer(), conversation_id="V1", principal=MANAGER)
        citation = store.citation("C1b")
        assert (citation.answer_id, citation.number, citation.snapshot) == ("A1", 2, 4)
        assert citation.arguments == RESULT.arguments
        assert citation.scope == MANAGER.scope
        assert citation.result == RESULT
        assert citation.digest == RESULT.digest

    def test_no_limit_and_an_empty_limit_stay_apart(self, store: EvidenceStore) -> None:
        nothing = Principal("x", scope=Scope(regions=frozenset()))
        store.save(answer(1), conversation_id="V", principal=LOCAL_OWNER)
        store.save(answer(2), conversation_id="V", principal=nothing)
        assert store.citation("C1a").scope.unlimited
        assert store.citation("C2a").scope == Scope(regions=frozenset())

    def test_a_trace_comes_back(self, store: EvidenceStore) -> None:
        store.save(answer(), conversation_id="V1", principal=MANAGER, spans=SPANS)
        assert store.trace("A1") == SPANS

    def test_a_trace_that_was_removed_is_not_found(
        self, store: EvidenceStore, engine: sa.Engine
    ) -> None:
        store.save(answer(), conversation_id="V1", principal=MANAGER, spans=SPANS)
        with engine.begin() as connection:
            connection.execute(sa.delete(TRACE))
        with pytest.raises(NotFoundError, match="LEADLINE_TRACE_DAYS"):
            store.trace("A1")
        assert store.answer("A1") == answer()

    def test_a_refusal_has_no_citations(self, store: EvidenceStore) -> None:
        refusal = replace(answer(), status="refused", citations=(), snapshot=None, as_of=None)
        store.save(refusal, conversation_id="V1", principal=MANAGER)
        assert store.answer("A1") == refusal
        assert store.trace("A1") == []

    def test_is_all_or_nothing(self, store: EvidenceStore, engine: sa.Engine) -> None:
        store.save(answer(1), conversation_id="V1", principal=MANAGER)
        clashing = replace(answer(2), trace_id="T1")
        with pytest.raises(IntegrityError):
            store.save(clashing, conversation_id="V1", principal=MANAGER)
        with engine.connect() as connection:
            for table, rows in ((ANSWER, 1), (CITATION, 2), (TRACE, 1)):
                assert connection.scalar(sa.select(sa.func.count()).select_from(table)) == rows


class TestKeeping:
    def test_a_result_becomes_a_citation_once(self, store: EvidenceStore) -> None:
        first = store.keep(RESULT, MANAGER.scope)
        assert store.keep(RESULT, MANAGER.scope) == first == citation_id_of(RESULT)
        found = store.citation(first)
        assert (found.answer_id, found.number, found.snapshot) == (None, 1, RESULT.snapshot)
        assert found.arguments == RESULT.arguments
        assert found.scope == MANAGER.scope
        assert found.result == RESULT

    def test_other_evidence_has_another_id(self) -> None:
        others = [
            replace(RESULT, tool="other"),
            replace(RESULT, arguments={**RESULT.arguments, "limit": 3}),
            replace(RESULT, snapshot=RESULT.snapshot + 1),
            replace(RESULT, scope_hash="0123456789abcdef"),
            replace(RESULT, model_version="another"),
            replace(RESULT, rows=RESULT.rows[:-1]),
        ]
        ids = {citation_id_of(result) for result in (RESULT, *others)}
        assert len(ids) == 1 + len(others)
        assert all(len(found) <= 40 for found in ids)  # the column's width

    def test_the_order_of_arguments_is_no_difference(self) -> None:
        turned = dict(reversed(RESULT.arguments.items()))
        assert citation_id_of(replace(RESULT, arguments=turned)) == citation_id_of(RESULT)

    def test_its_snapshot_stays(self, store: EvidenceStore) -> None:
        store.keep(replace(RESULT, snapshot=17), MANAGER.scope)
        assert 17 in store.cited_snapshots()


class TestReading:
    def test_a_conversation_is_in_order(self, store: EvidenceStore) -> None:
        for number, conversation in ((3, "V1"), (1, "V2"), (2, "V1")):
            store.save(answer(number), conversation_id=conversation, principal=MANAGER)
        assert [item.answer.answer_id for item in store.conversation("V1")] == ["A3", "A2"]
        assert store.conversation("V9") == []

    def test_cited_snapshots_are_those_of_answers_and_citations(self, store: EvidenceStore) -> None:
        assert store.cited_snapshots() == set()
        store.save(answer(1, snapshot=2), conversation_id="V", principal=MANAGER)
        store.save(answer(2, snapshot=7), conversation_id="V", principal=MANAGER)
        only_read = replace(answer(3), citations=(), snapshot=5)
        store.save(only_read, conversation_id="V", principal=MANAGER)
        assert store.cited_snapshots() == {2, 5, 7}

    def test_unknown_ids_are_not_found(self, store: EvidenceStore) -> None:
        with pytest.raises(NotFoundError, match="no answer 'A9' is stored"):
            store.answer("A9")
        with pytest.raises(NotFoundError, match="no citation 'C9' is stored"):
            store.citation("C9")
        with pytest.raises(NotFoundError, match="A9"):
            store.trace("A9")

    def test_a_changed_figure_is_found(self, store: EvidenceStore, engine: sa.Engine) -> None:
        store.save(answer(), conversation_id="V1", principal=MANAGER)
        with engine.begin() as connection:
            changed = sa.func.replace(CITATION.c.result, "1234567.89", "1234567.88")
            connection.execute(sa.update(CITATION).values(result=changed))
        with pytest.raises(IntegrityError, match="C1a: the stored result was changed"):
            store.citation("C1a")
