"""One opinion per answer and principal."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from knowledge.warehouse import feedback_store
from knowledge.warehouse.evidence_store import EvidenceStore
from knowledge.warehouse.feedback_store import LONGEST_COMMENT, FeedbackStore
from leadline.access import LOCAL_OWNER
from leadline.errors import InputError, NotFoundError
from tests.leadline.evidence_samples import answer

NOON = datetime(2026, 3, 5, 12, tzinfo=UTC)


@pytest.fixture
def store(engine: sa.Engine, monkeypatch: pytest.MonkeyPatch) -> FeedbackStore:
    """Three stored answers; each time that the clock is read, a minute has passed since noon."""
    evidence = EvidenceStore(engine)
    for number in (1, 2, 3):
        evidence.save(answer(number), conversation_id="V1", principal=LOCAL_OWNER)
    minutes = iter(range(60))
    monkeypatch.setattr(feedback_store, "now_utc", lambda: NOON + timedelta(minutes=next(minutes)))
    return FeedbackStore(engine)


class TestSetting:
    def test_is_read_back(self, store: FeedbackStore) -> None:
        said = store.set("A1", "王伟", "down", "少了华北")
        assert store.get("A1", "王伟") == said
        assert (said.rating, said.comment) == ("down", "少了华北")
        assert said.created_at == said.updated_at == NOON

    def test_again_replaces_and_keeps_the_first_time(self, store: FeedbackStore) -> None:
        store.set("A1", "王伟", "down", "wrong")
        said = store.set("A1", "王伟", "up")
        assert store.get("A1", "王伟") == said
        assert (said.rating, said.comment) == ("up", None)
        assert (said.created_at, said.updated_at) == (NOON, NOON + timedelta(minutes=1))

    def test_each_principal_has_an_opinion(self, store: FeedbackStore) -> None:
        store.set("A1", "王伟", "down")
        store.set("A1", "李娜", "up")
        assert [f.rating for f in store.of_answer("A1")] == ["down", "up"]
        found = store.get("A1", "李娜")
        assert found is not None
        assert found.rating == "up"

    @pytest.mark.parametrize("comment", ["", "  \n", None])
    def test_a_blank_comment_is_none(self, store: FeedbackStore, comment: str | None) -> None:
        assert store.set("A1", "王伟", "up", comment).comment is None

    def test_a_long_comment_is_refused(self, store: FeedbackStore) -> None:
        assert store.set("A1", "王伟", "up", "字" * LONGEST_COMMENT).comment == "字" * 2000
        with pytest.raises(InputError, match="2001 characters, at most 2000"):
            store.set("A1", "王伟", "up", "字" * (LONGEST_COMMENT + 1))

    def test_another_rating_is_refused(self, store: FeedbackStore) -> None:
        with pytest.raises(InputError, match="'meh' is not one of up, down"):
            store.set("A1", "王伟", "meh")  # type: ignore[arg-type]

    def test_an_unknown_answer_is_not_found(self, store: FeedbackStore) -> None:
        with pytest.raises(NotFoundError, match="no answer 'A9' is stored"):
            store.set("A9", "王伟", "up")
        assert store.get("A9", "王伟") is None


class TestRemoving:
    def test_only_ones_own(self, store: FeedbackStore) -> None:
        store.set("A1", "王伟", "down")
        store.set("A1", "李娜", "up")
        assert store.remove("A1", "王伟") is True
        assert store.remove("A1", "王伟") is False
        assert [f.principal for f in store.of_answer("A1")] == ["李娜"]


class TestListing:
    def test_what_was_said_last_comes_first(self, store: FeedbackStore) -> None:
        store.set("A1", "王伟", "down", "first")
        store.set("A2", "王伟", "up")
        store.set("A3", "李娜", "down")
        store.set("A1", "王伟", "down", "said again")
        found = store.list()
        assert [f.feedback.answer_id for f in found] == ["A1", "A3", "A2"]
        assert found[0].question == answer(1).question
        assert (found[0].status, found[0].conversation_id) == ("answered", "V1")

    def test_by_rating_principal_and_page(self, store: FeedbackStore) -> None:
        store.set("A1", "王伟", "down")
        store.set("A2", "王伟", "up")
        third = store.set("A3", "李娜", "down")
        ids = [f.feedback.answer_id for f in store.list(rating="down")]
        assert ids == ["A3", "A1"]
        assert [f.feedback.answer_id for f in store.list(principal="王伟")] == ["A2", "A1"]
        assert [f.feedback.answer_id for f in store.list(limit=1)] == ["A3"]
        later = store.list(before=third.updated_at)
        assert [f.feedback.answer_id for f in later] == ["A2", "A1"]

    def test_of_some_answers(self, store: FeedbackStore) -> None:
        store.set("A1", "王伟", "down")
        store.set("A2", "李娜", "up")
        assert set(store.of_answers(["A1", "A2", "A3"], "王伟")) == {"A1"}
        assert store.of_answers([], "王伟") == {}
