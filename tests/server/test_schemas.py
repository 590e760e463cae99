"""The JSON contract of `leadline ask --json` and `--batch`."""

from __future__ import annotations

import json
from typing import Any

import pytest

from leadline.evidence import Answer
from server.schemas import answer_payload
from tests.agents.channel import EAST, Channel
from tests.agents.questions import QUESTIONS

ANSWER = {
    "id": str,
    "status": str,
    "text": str,
    "language": str,
    "label": str,
    "reading": str,
    "citations": list,
    "options": list,
    "followups": list,
    "answer_id": str,
    "snapshot": int,
    "as_of": str,
    "latency_ms": float,
    "question": str,
    "trace_id": str,
    "figures": list,
    "planning": dict,
}
PLANNING = {
    "planner": str,
    "llm_calls": int,
    "input_tokens": int,
    "output_tokens": int,
    "llm_ms": float,
}
BESIDE_PLANNING = {"fallback", "fallback_text", "model", "prompt_hash", "cost", "currency"}
CITATION = {
    "id": str,
    "tool": str,
    "spec": dict,
    "snapshot": int,
    "columns": list,
    "rows": list,
    "row_count": int,
    "truncated": bool,
}
BESIDE_ANSWER = {"chart", "conversation_id", "created_at"}
BESIDE_CITATION = {"number", "model_version", "scope_hash"}
BESIDE_COLUMN = {"currency"}


def fits(data: dict[str, Any], contract: dict[str, type], beside: set[str]) -> None:
    """Every key of the contract is there with its type; nothing unknown stands beside them."""
    assert contract.keys() <= data.keys()
    assert data.keys() - contract.keys() <= beside
    for key, kind in contract.items():
        assert type(data[key]) is kind, f"{key}: {data[key]!r}"


def payload(answer: Answer, question_id: str | None = None) -> dict[str, Any]:
    """The payload after a round trip through JSON text."""
    loaded: dict[str, Any] = json.loads(
        json.dumps(answer_payload(answer, question_id), allow_nan=False)
    )
    return loaded


class TestContract:
    @pytest.mark.parametrize(
        "question",
        [
            *QUESTIONS,
            "查查销售额",
            "预测下季度毛利率",
            "你能回答什么问题？",
            "同名商贸2025年销售额",
        ],
    )
    def test_keys_and_types(self, channel: Channel, question: str) -> None:
        data = payload(channel.ask(question))
        fits(data, ANSWER, BESIDE_ANSWER)
        assert data["status"] in ("answered", "clarify", "refused")
        assert data["language"] in ("zh", "en")
        assert data["label"] in ("已认证", "规则推导", "模型生成")
        fits(data["planning"], PLANNING, BESIDE_PLANNING)
        for figure in data["figures"]:
            assert 0 <= figure["start"] < figure["end"] <= len(data["text"])
        for citation in data["citations"]:
            fits(citation, CITATION, BESIDE_CITATION)
            for column in citation["columns"]:
                fits(column, {"name": str, "unit": str, "label": dict}, BESIDE_COLUMN)
            for row in citation["rows"]:
                assert len(row) == len(citation["columns"])
        for option in data["options"]:
            assert set(option) == {"label", "question"}
        assert all(isinstance(followup, str) for followup in data["followups"])

    def test_figures_are_raw_and_members_stand_by_name(self, channel: Channel) -> None:
        citation = payload(channel.ask("2025年各大区销售额占比"))["citations"][0]
        assert [c["name"] for c in citation["columns"]] == ["region", "amount", "amount__share"]
        assert [c["unit"] for c in citation["columns"]] == ["text", "money", "ratio"]
        assert citation["columns"][1]["currency"] == "CNY"
        assert citation["rows"][0] == ["华东", 320_000.0, pytest.approx(320 / 610)]
        assert citation["row_count"] == len(citation["rows"]) == 4

    def test_dates_and_buckets_are_text(self, channel: Channel) -> None:
        data = payload(channel.ask("2025年各季度销售额"))
        assert data["as_of"] == "2025-11-20"
        assert data["citations"][0]["rows"][0] == ["2025-Q1", 180_000.0]

    def test_a_null_stays_null(self, channel: Channel) -> None:
        citation = payload(channel.ask("Northwind Traders sales in 2025 yoy"))["citations"][0]
        names = [c["name"] for c in citation["columns"]]
        assert citation["rows"][0][names.index("amount__change_rate")] is None

    def test_the_id_is_the_caller_s_or_the_answer_s(self, channel: Channel) -> None:
        answer = channel.ask("2025年销售额")
        assert payload(answer, "q7")["id"] == "q7"
        assert payload(answer)["id"] == payload(answer)["answer_id"] == answer.answer_id

    def test_citations_can_be_replayed_by_their_id(self, channel: Channel) -> None:
        for citation in payload(channel.ask("2025年恒信科技和博远软件谁卖得多"))["citations"]:
            assert channel.service.replay(citation["id"]).equal

    def test_nothing_of_the_scope_but_its_hash(self, channel: Channel) -> None:
        data = payload(channel.ask("2025年销售额", as_=EAST))
        assert data["citations"][0]["scope_hash"] == EAST.scope.digest
        assert "scope" not in data["citations"][0]["spec"]
