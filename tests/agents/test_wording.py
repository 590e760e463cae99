"""Words for the parts of a query, in both languages."""

from __future__ import annotations

from datetime import date

import pytest

from agents.wording import base_words, key_label, metric_label, spec_part, time_words, where_words
from knowledge.semantic.model import load_model
from knowledge.semantic.spec import All, Any_, Compare, Filter, QuerySpec, TimeRange
from leadline.types import Language
from tests.agents.evidence import citation

ZH, EN = Language.ZH, Language.EN
AS_OF = date(2025, 11, 20)


def spec(**parts: object) -> QuerySpec:
    return QuerySpec.model_validate({"metrics": ("amount",), **parts})


class TestTime:
    def test_the_label_of_the_language(self) -> None:
        time = TimeRange(start=AS_OF, label="今天", label_en="today")
        assert (time_words(spec(time=time), ZH), time_words(spec(time=time), EN)) == (
            "今天",
            "today",
        )

    @pytest.mark.parametrize("time", [None, TimeRange(), TimeRange(grain="month")])
    def test_no_bounds_are_all_periods(self, time: TimeRange | None) -> None:
        assert time_words(spec(time=time), ZH) == "全部期间"
        assert time_words(spec(time=time), EN) == "all periods"

    def test_without_a_label_the_days(self) -> None:
        time = TimeRange(start=date(2025, 3, 1), end_excl=date(2025, 4, 1))
        assert time_words(spec(time=time), EN) == "2025-03-01 … 2025-03-31"


class TestBase:
    def test_the_whole_base_of_a_whole_period(self) -> None:
        whole = spec(
            time=TimeRange(start=date(2025, 1, 1), end_excl=date(2025, 7, 1)),
            compare=Compare(kind="yoy", start=date(2024, 1, 1), end_excl=date(2024, 7, 1)),
        )
        assert base_words(whole, AS_OF, ZH) == "2024-01-01 … 2024-06-30"

    @pytest.mark.parametrize(("align", "last"), [("elapsed", "2025-10-20"), ("full", "2025-10-31")])
    def test_of_a_period_that_today_cuts(self, align: str, last: str) -> None:
        cut = spec(
            time=TimeRange(start=date(2025, 11, 1), end_excl=date(2025, 12, 1), partial=True),
            compare={
                "kind": "previous_period",
                "start": "2025-10-01",
                "end_excl": "2025-11-01",
                "align": align,
            },
        )
        assert base_words(cut, AS_OF, EN) == f"2025-10-01 … {last}"

    def test_without_days_it_is_called_the_period_before(self) -> None:
        assert base_words(spec(), AS_OF, ZH) == "上期"


class TestWhere:
    @pytest.mark.parametrize(
        ("where", "zh", "en"),
        [
            (Filter(member="region", values=("华东",)), "华东", "华东"),
            (Filter(member="region", values=("A", "B")), "A、B", "A, B"),
            (
                All(
                    items=(
                        Filter(member="region", values=("A",)),
                        Filter(member="partner", op="not_in", values=("B", "C")),
                    )
                ),
                "A（不含B、C）",
                "A (without B, C)",
            ),
        ],
    )
    def test_what_is_in_and_what_is_out(self, where: Filter | All, zh: str, en: str) -> None:
        assert where_words(spec(where=where), ZH) == zh
        assert where_words(spec(where=where), EN) == en

    def test_only_an_exclusion(self) -> None:
        where = Filter(member="region", op="not_in", values=("华东",))
        assert "不含华东" in where_words(spec(where=where), ZH)
        assert "without 华东" in where_words(spec(where=where), EN)

    def test_alternatives_name_all(self) -> None:
        where = Any_(
            items=(Filter(member="region", values=("A",)), Filter(member="product", values=("B",)))
        )
        text = where_words(spec(where=where), EN)
        assert "A" in text
        assert "B" in text

    def test_many_are_cut_and_said_to_be(self) -> None:
        values = tuple(f"P{at}" for at in range(20))
        text = where_words(spec(where=Filter(member="partner", values=values)), ZH)
        assert "P0" in text
        assert "P19" not in text
        assert "等" in text


class TestNames:
    @pytest.mark.parametrize("name", ["day", "week", "month", "quarter", "half", "year"])
    def test_every_grain(self, name: str) -> None:
        assert key_label(name, ZH)
        assert key_label(name, EN).isascii()

    def test_every_dimension_and_metric(self) -> None:
        model = load_model()
        for name in model.dimensions:
            assert key_label(name, EN)
        for name in model.metrics:
            assert metric_label(name, ZH)
            assert metric_label(name, EN)[0].islower() or metric_label(name, EN)[:2].isupper()

    def test_inside_an_english_sentence_they_begin_small(self) -> None:
        assert metric_label("amount", EN) == "sales"
        assert key_label("region", EN) == "region"


class TestParts:
    def test_the_count_is_that_of_all_rows(self) -> None:
        assert spec_part(citation().result, "row_count", ZH) == "2"

    @pytest.mark.parametrize("part", ["time", "base", "where"])
    def test_each_part_has_words(self, part: str) -> None:
        for language in (ZH, EN):
            assert spec_part(citation().result, part, language)
