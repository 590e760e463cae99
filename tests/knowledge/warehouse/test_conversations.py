"""The list of conversations: order, owner, search, pages."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa

from knowledge.warehouse.answers import ANSWER
from knowledge.warehouse.conversations import ConversationSummary, Owner, list_conversations

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)

ASKED = (
    # conversation, minute, principal, scope, question
    ("one", 0, "li", "s1", "2025年销售额"),
    ("two", 1, "li", "s1", "Top 5 partners"),
    ("one", 2, "li", "s1", "同比呢？"),
    ("three", 3, "wang", "s1", "100% of sales"),
    ("four", 4, "li", "s2", "各大区回款"),
)


@pytest.fixture
def asked(engine: sa.Engine) -> sa.Engine:
    with engine.begin() as connection:
        for at, (conversation, minute, principal, scope, question) in enumerate(ASKED):
            row = {
                "answer_id": f"a{at}",
                "conversation_id": conversation,
                "principal": principal,
                "scope_hash": scope,
                "question": question,
                "status": "answered",
                "language": "zh",
                "snapshot_no": 1,
                "as_of": date(2025, 12, 31),
                "body": "{}",
                "latency_ms": 1.0,
                "created_at": NOON + timedelta(minutes=minute),
                "trace_id": f"t{at}",
            }
            connection.execute(sa.insert(ANSWER), row)
    return engine


def ids(found: list[ConversationSummary]) -> list[str]:
    return [item.conversation_id for item in found]


class TestListConversations:
    def test_the_last_asked_in_comes_first(self, asked: sa.Engine) -> None:
        found = list_conversations(asked)
        assert ids(found) == ["four", "three", "one", "two"]
        assert found[2] == ConversationSummary(
            "one", "2025年销售额", 2, NOON, NOON + timedelta(minutes=2)
        )

    def test_nothing_asked_is_an_empty_list(self, engine: sa.Engine) -> None:
        assert list_conversations(engine) == []

    def test_only_what_its_owner_asked_under_that_scope(self, asked: sa.Engine) -> None:
        assert ids(list_conversations(asked, owner=Owner("li", "s1"))) == ["one", "two"]
        assert ids(list_conversations(asked, owner=Owner("li", "s2"))) == ["four"]
        assert ids(list_conversations(asked, owner=Owner("nobody", "s1"))) == []

    def test_a_search_looks_at_every_question_in_any_case(self, asked: sa.Engine) -> None:
        assert ids(list_conversations(asked, containing="同比")) == ["one"]
        assert ids(list_conversations(asked, containing="TOP")) == ["two"]
        # the sign is meant, it is no wildcard
        assert ids(list_conversations(asked, containing="100%")) == ["three"]
        assert ids(list_conversations(asked, containing="%")) == ["three"]

    def test_a_search_does_not_look_into_others_questions(self, asked: sa.Engine) -> None:
        assert list_conversations(asked, owner=Owner("li", "s1"), containing="100%") == []

    def test_pages_follow_each_other_without_gap(self, asked: sa.Engine) -> None:
        first = list_conversations(asked, limit=2)
        second = list_conversations(asked, limit=2, before=first[-1].updated_at)
        assert ids(first + second) == ["four", "three", "one", "two"]
        assert list_conversations(asked, before=second[-1].updated_at) == []
