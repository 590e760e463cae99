"""Verdicts on answers of tools: which tool, told what, with which rows."""

from __future__ import annotations

from typing import Any

import pytest

from evals.figures import shown_figures
from evals.tool_calls import CallWant, CellWant, MembersWant, missing


def answer(tool: str = "churn", **said: Any) -> dict[str, Any]:
    return {
        "citations": [
            {
                "tool": tool,
                "spec": {"regions": ["华东", "华南"], "limit": 3, **said},
                "columns": [{"name": "partner"}, {"name": "risk"}, {"name": "kind"}],
                "rows": [["A", 0.9, "member"], ["B", 0.5, "member"], ["C", None, "total"]],
            }
        ]
    }


class TestCalls:
    def test_a_list_of_arguments_counts_in_any_order(self) -> None:
        want = CallWant(tool="churn", arguments={"regions": ["华南", "华东"], "limit": 3})
        assert missing([want], answer()) is None

    @pytest.mark.parametrize(
        ("want", "why"),
        [
            (CallWant(tool="health"), "no citation of health"),
            (CallWant(tool="churn", arguments={"regions": ["华东"]}), "regions is"),
            (CallWant(tool="churn", arguments={"band": "high"}), "band is None"),
            (CallWant(tool="churn", absent=("regions",)), "wanted none"),
            (CallWant(tool="churn", most_rows=2), "3 rows"),
            (CallWant(tool="churn", order=("risk", "asc")), "do not stand by risk"),
        ],
    )
    def test_another_call_is_wrong(self, want: CallWant, why: str) -> None:
        assert why in str(missing([want], answer()))

    def test_the_order_of_the_rows(self) -> None:
        """0.9 before 0.5; the row without a figure does not matter."""
        assert missing([CallWant(tool="churn", order=("risk", "desc"))], answer()) is None


class TestCells:
    @pytest.mark.parametrize(
        ("value", "right"), [(0.9, True), (0.9000005, True), (0.91, False), (None, False)]
    )
    def test_a_figure_of_one_row(self, value: float | None, right: bool) -> None:
        cell = CellWant(where={"partner": "A"}, column="risk", value=value)
        found = missing([CallWant(tool="churn", cells=(cell,))], answer())
        assert (found is None) == right

    def test_nothing_and_zero_are_the_same_sum(self) -> None:
        cell = CellWant(where={"kind": "total"}, column="risk", value=0.0)
        assert missing([CallWant(tool="churn", cells=(cell,))], answer()) is None

    def test_the_row_must_be_the_only_one(self) -> None:
        cell = CellWant(where={"kind": "member"}, column="risk", value=0.9)
        assert "2 rows" in str(missing([CallWant(tool="churn", cells=(cell,))], answer()))


class TestMembers:
    @pytest.mark.parametrize(
        ("labels", "at_least", "only", "right"),
        [
            (("A", "B", "X"), 2, False, True),
            (("A", "X"), 2, False, False),
            (("A", "B", "C", "D"), 0, True, True),
            (("A", "B"), 0, True, False),  # C should not be there
        ],
    )
    def test_known_members(
        self, labels: tuple[str, ...], at_least: int, only: bool, right: bool
    ) -> None:
        members = MembersWant(column="partner", labels=labels, at_least=at_least, only=only)
        found = missing([CallWant(tool="churn", members=(members,))], answer())
        assert (found is None) == right


def test_a_name_is_no_part_of_a_longer_figure() -> None:
    """A tool's cell "95%" (which interval) does not cut 20.95 % in two."""
    figures = shown_figures("误差 20.95%，合计 15.60，95% 区间", ("95%",))
    assert [figure.text for figure in figures] == ["20.95%", "15.60"]
