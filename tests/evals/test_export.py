from __future__ import annotations

import json

import pytest

from evals.cases import Case, dataset_path, read_cases
from evals.export import exported
from leadline.errors import InputError
from tests.evals.answers import MONEY, case

FOLLOW_UP = case(
    "2014年呢",
    id="x-9",
    context=["2013年销售额"],
    snapshot=3,
    expect={"scalars": [MONEY], "further": [{"rows": [["恒信", 2.0]], "row_units": ["count"]}]},
)


class TestJsonl:
    def test_is_what_the_golden_sets_are(self) -> None:
        path = dataset_path("crm_pipeline")
        lines = path.read_text(encoding="utf-8").splitlines()
        assert list(exported("crm_pipeline", read_cases(path), "jsonl")) == lines

    def test_promoted_cases_come_back(self) -> None:
        (line,) = exported("promoted", [FOLLOW_UP], "jsonl")
        assert Case.model_validate_json(line) == FOLLOW_UP


class TestInspect:
    def test_a_single_question(self) -> None:
        (line,) = exported("channel", [case(expect={"scalars": [MONEY]})], "inspect")
        sample = json.loads(line)
        assert (sample["id"], sample["input"]) == ("x-1-zh", "2013年销售额")
        assert sample["target"] == "33574834.1572 (money)"
        assert sample["metadata"]["dataset"] == "channel"
        assert sample["metadata"]["expect"]["scalars"] == [MONEY]

    def test_a_conversation(self) -> None:
        (line,) = exported("promoted", [FOLLOW_UP], "inspect")
        sample = json.loads(line)
        assert sample["input"] == [
            {"role": "user", "content": "2013年销售额"},
            {"role": "user", "content": "2014年呢"},
        ]
        assert sample["target"] == "33574834.1572 (money); 恒信 2.0"
        assert sample["metadata"]["snapshot"] == 3

    @pytest.mark.parametrize(
        ("expect", "target"),
        [
            ({"status": "refused"}, "refused"),
            ({"status": "clarify", "options": ["按月", "按大区"]}, "clarify / 按月 / 按大区"),
            ({"dates": ["2013-11-29"]}, "2013-11-29"),
            ({}, "answered"),
        ],
    )
    def test_what_has_no_figures(self, expect: dict[str, object], target: str) -> None:
        (line,) = exported("channel", [case(expect=expect)], "inspect")
        assert json.loads(line)["target"] == target


class TestForms:
    def test_another_is_refused(self) -> None:
        with pytest.raises(InputError, match="no export format 'csv'"):
            list(exported("channel", [FOLLOW_UP], "csv"))
