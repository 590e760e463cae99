"""The competent model knows only what came over the wire."""

from __future__ import annotations

import json
from typing import Any, ClassVar

from evals.scripted.competent import AGAIN, Competent, hear
from evals.scripted.wire import Reply, Request
from leadline.types import Language
from tests.agents.channel import Channel


def request(*messages: dict[str, Any]) -> Request:
    return Request({"messages": list(messages)}, b"", {}, 1)


def user(text: str) -> dict[str, Any]:
    return {"role": "user", "content": text}


def question(text: str, members: list[dict[str, Any]] | None = None) -> dict[str, Any]:
    listed = f"\n\nRecognised members: {json.dumps(members)}" if members else ""
    return user(f"{text}{listed}\n\nAnswer in Chinese.")


def called(call_id: str, name: str, arguments: dict[str, Any]) -> dict[str, Any]:
    function = {"name": name, "arguments": json.dumps(arguments)}
    return {"role": "assistant", "tool_calls": [{"id": call_id, "function": function}]}


def answered(call_id: str, body: dict[str, Any]) -> dict[str, Any]:
    return {"role": "tool", "tool_call_id": call_id, "content": json.dumps(body)}


RESULT = {
    "citation": 4,
    "columns": [
        {"name": "partner", "unit": "text"},
        {"name": "amount", "unit": "money", "currency": "CNY"},
    ],
    "row_count": 1,
    "rows_held": 1,
    "truncated": False,
    "rows": [["partner#1", 220000.0]],
}


def reply(channel: Channel, *messages: dict[str, Any]) -> Reply:
    return Competent(channel.context())(request(*messages))


class TestHearing:
    def test_reads_question_language_members_and_steps(self) -> None:
        members = [
            {"text": "partner#1", "means": [{"dimension": "partner", "member": "partner#1"}]}
        ]
        heard = hear(
            [
                {"role": "system", "content": "…"},
                user("2024年呢"),
                {
                    "role": "assistant",
                    "content": 'Answered by the queries [{"metrics":["amount"]}]',
                },
                question("partner#1 销售额", members),
                called("a", "query", {"metrics": ["amount"]}),
                answered("a", RESULT),
            ]
        )
        assert (heard.question, heard.language) == ("partner#1 销售额", Language.ZH)
        assert heard.earlier == ("2024年呢",)
        assert heard.answered_by == ({"metrics": ["amount"]},)
        assert heard.members == tuple(members)
        assert [call.name for call, _ in heard.steps] == ["query"]
        assert not heard.repaired

    def test_what_is_sent_back_begins_anew(self) -> None:
        heard = hear(
            [
                question("x"),
                called("a", "query", {}),
                answered("a", RESULT),
                {"role": "assistant", "content": "…"},
                user(f"Your queries … {AGAIN} so that they do."),
            ]
        )
        assert heard.steps == ()
        assert heard.repaired


class TestWorking:
    def test_plans_with_placeholders(self, channel: Channel) -> None:
        (call,) = reply(channel, question("partner#3 2025年销售额")).calls
        assert call.arguments["where"] == {
            "kind": "filter",
            "member": "partner",
            "op": "in",
            "values": ["partner#3"],
        }

    def test_words_what_it_was_told_with_slots(self, channel: Channel) -> None:
        first = question("partner#1 2025年销售额")
        (call,) = reply(channel, first).calls
        done = reply(
            channel, first, called("a", "query", dict(call.arguments)), answered("a", RESULT)
        )
        assert "{{c4.rows[0].amount}}" in done.text
        assert "[4]" in done.text
        assert "220000" not in done.text

    def test_works_without_rows(self, channel: Channel) -> None:
        first = question("2025年各大区销售额")
        (call,) = reply(channel, first).calls
        blind = {key: value for key, value in RESULT.items() if key != "rows"}
        done = reply(
            channel, first, called("a", "query", dict(call.arguments)), answered("a", blind)
        )
        assert "{{c4.rows[0].amount}}" in done.text

    def test_asks_back_and_refuses_by_tool(self, channel: Channel) -> None:
        (back,) = reply(channel, question("查查销售额")).calls
        assert back.name == "ask_back"
        assert back.arguments["options"]
        (no,) = reply(channel, question("预测下季度毛利率")).calls
        assert no.name == "refuse"

    def test_looks_up_who_these_are(self, channel: Channel) -> None:
        spec = {"metrics": ["amount"], "dimensions": ["partner"], "limit": 1}
        before = [
            user("2025年销售额第一的伙伴"),
            {"role": "assistant", "content": f"Answered by the queries [{json.dumps(spec)}]"},
            question("他们的毛利呢"),
        ]
        (first,) = reply(channel, *before).calls
        assert dict(first.arguments) == spec
        (then,) = reply(channel, *before, called("a", "query", spec), answered("a", RESULT)).calls
        assert then.arguments["metrics"] == ["gross_margin"]
        assert then.arguments["where"]["values"] == ["partner#1"]


class TestShortened:
    BEFORE: ClassVar[dict[str, Any]] = {
        "metrics": ["amount"],
        "dimensions": ["partner"],
        "time": {"start": "2025-01-01", "end_excl": "2026-01-01"},
        "metric_filters": [{"metric": "amount", "on": "value", "op": "gt", "value": 20000.0}],
    }

    def pointed(self, channel: Channel, row_count: int, **before: Any) -> dict[str, Any]:
        """The query for "其中华东的" after a list of so many, of which one was told."""
        query = {**self.BEFORE, **before}
        said = reply(
            channel,
            user("2025年销售额超过2万的伙伴"),
            {"role": "assistant", "content": f"Answered by the queries {json.dumps([query])}"},
            question("其中华东的"),
            called("a", "query", query),
            answered("a", {**RESULT, "row_count": row_count, "rows_held": row_count}),
        )
        return dict(said.calls[0].arguments)

    def test_of_a_list_that_was_told_whole_the_members_are_meant(self, channel: Channel) -> None:
        where = json.dumps(self.pointed(channel, 1)["where"], ensure_ascii=False)
        assert "partner#1" in where
        assert "华东" in where

    def test_of_a_longer_one_what_picked_them(self, channel: Channel) -> None:
        found = self.pointed(channel, 40)
        assert "partner#1" not in json.dumps(found["where"])
        assert "华东" in json.dumps(found["where"], ensure_ascii=False)
        assert [f["value"] for f in found["metric_filters"]] == [20000.0]

    def test_a_ranking_has_no_conditions_that_could_stand_for_it(self, channel: Channel) -> None:
        assert "partner#1" in json.dumps(self.pointed(channel, 40, limit=40)["where"])
