"""The segment tools: lists and sums inside the scope, names, reasons, support."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from leadline.access import EVERYTHING, Scope
from leadline.errors import SpecError
from leadline.evidence import ToolResult
from leadline.types import Scalar
from tests.tools.behaving_world import NEVER, ONCE, STOPPING, behaving, label
from tools.segment_summary import SEGMENT_SUMMARY
from tools.segment_words import SEGMENT_EN, SEGMENT_ZH, SUPPORT_EN, SUPPORT_ZH
from tools.segments import SEGMENTS_TOOL, SegmentsArguments

SOUTH = Scope(regions=frozenset({"华南"}))


def rows_of(result: ToolResult) -> list[dict[str, Scalar]]:
    names = [column.name for column in result.columns]
    return [dict(zip(names, row, strict=True)) for row in result.rows]


def listed(scope: Scope = EVERYTHING, **arguments: object) -> list[dict[str, Scalar]]:
    return rows_of(SEGMENTS_TOOL.run({"limit": 200, **arguments}, behaving(scope)))


def summed(scope: Scope = EVERYTHING, **arguments: object) -> list[dict[str, Scalar]]:
    return rows_of(SEGMENT_SUMMARY.run(arguments, behaving(scope)))


def number(value: Scalar) -> float:
    assert isinstance(value, (int, float))
    return float(value)


class TestList:
    def test_everybody_has_a_segment_in_both_languages(self) -> None:
        found = listed()
        assert len(found) == 63
        for row in found:
            segment = str(row["segment"])
            assert (row["segment_zh"], row["segment_en"]) == (
                SEGMENT_ZH[segment],
                SEGMENT_EN[segment],
            )
            assert (row["support_zh"], row["support_en"]) == (
                SUPPORT_ZH[segment],
                SUPPORT_EN[segment],
            )

    def test_largest_sales_first(self) -> None:
        amounts = [number(row["amount_12m"]) for row in listed()]
        assert amounts == sorted(amounts, reverse=True)

    def test_surest_first_and_unjudged_last(self) -> None:
        found = [row["confidence"] for row in listed(order="confidence")]
        told = [number(value) for value in found if value is not None]
        assert told == sorted(told, reverse=True)
        assert found[: len(told)] == told

    def test_reasons_hold_figures_and_the_median(self) -> None:
        (row,) = listed(partners=[label(30)])
        assert row["segment"] == "opportunistic"
        assert "（伙伴中位 " in str(row["reasons_zh"])
        assert "(median " in str(row["reasons_en"])
        assert str(row["reasons_zh"]).count("；") == str(row["reasons_en"]).count("; ") <= 2

    def test_no_history_says_which_kind(self) -> None:
        (once,) = listed(partners=[label(ONCE)])
        (never,) = listed(partners=[label(NEVER)])
        assert "首单至今太短" in str(once["reasons_zh"])
        assert never["reasons_en"] == "no order in a year"
        assert once["confidence"] is None

    def test_who_changed_says_from_what(self) -> None:
        (row,) = listed(partners=[label(min(STOPPING))])
        assert row["segment"] == "insufficient_history"
        assert row["previous_segment_zh"] == SEGMENT_ZH[str(row["previous_segment"])]
        assert row["since"] == "2026-01-31"

    def test_only_some_segments_and_so_many(self) -> None:
        found = listed(segments=["opportunistic"], limit=5)
        assert len(found) == 5
        assert {row["segment"] for row in found} == {"opportunistic"}

    def test_the_limit_does_not_hide_how_many_there_are(self) -> None:
        result = SEGMENTS_TOOL.run({"limit": 5}, behaving())
        assert (len(result.rows), result.row_count) == (5, 63)


class TestScope:
    def test_only_own_partners(self) -> None:
        found = listed(SOUTH)
        assert {row["region"] for row in found} == {"华南"}
        assert len(found) == 31  # the even ones of 1…63

    def test_a_segment_is_the_same_for_who_sees_less(self) -> None:
        own = {row["partner"]: row["segment"] for row in listed(SOUTH)}
        whole = {row["partner"]: row["segment"] for row in listed()}
        assert own.items() <= whole.items()

    def test_a_foreign_partner_is_unknown(self) -> None:
        with pytest.raises(SpecError, match="no partner"):
            listed(SOUTH, partners=[label(1)])

    def test_a_foreign_region_is_unknown(self) -> None:
        with pytest.raises(SpecError, match="no region"):
            summed(SOUTH, regions=["华东"])


class TestSummary:
    def test_adds_up_to_the_list(self) -> None:
        rows, partners = summed(), listed()
        assert sum(number(row["partners"]) for row in rows) == 63
        assert sum(number(row["share"]) for row in rows) == pytest.approx(1.0, abs=1e-5)
        for row in rows:
            own = [p for p in partners if p["segment"] == row["segment"]]
            assert len(own) == row["partners"]
            total = sum(number(p["amount_12m"]) for p in own)
            assert number(row["amount_12m"]) == pytest.approx(total, abs=0.5)

    def test_largest_first(self) -> None:
        amounts = [number(row["amount_12m"]) for row in summed()]
        assert amounts == sorted(amounts, reverse=True)

    def test_growth_is_of_the_sums(self) -> None:
        # each order half as large again after a year, as many of them
        (row,) = [row for row in summed() if row["segment"] == "high_potential"]
        assert 0.3 < number(row["growth"]) < 0.7

    def test_one_region(self) -> None:
        assert sum(number(row["partners"]) for row in summed(regions=["华东"])) == 32


class TestArguments:
    def test_long_lists_are_meant(self) -> None:
        with pytest.raises(ValidationError):
            SegmentsArguments(limit=201)
        assert SegmentsArguments(limit=5000, everything=True).limit == 5000
