"""Forecasts in words: the verifier holds every figure, and honesty is said aloud."""

from __future__ import annotations

from typing import Any

import pytest

from agents.narrate import Told
from agents.slots import render
from agents.tellers.catalog import tell
from agents.tellers.telling import Telling
from agents.verify import verify
from leadline.evidence import Citation, ToolResult
from leadline.types import Language
from tests.tools.forecast_world import world
from tools.catalog import tool


def told(name: str, number: int = 1, **arguments: Any) -> Told:
    return Told("main", Citation(f"a-{number}", number, tool(name).run(arguments, world())))


def changed(item: Told, **cells: object) -> Told:
    """The same with other values in these columns of every row."""
    result = item.result
    names = [column.name for column in result.columns]
    rows = tuple(
        tuple(cells.get(name, value) for name, value in zip(names, row, strict=True))
        for row in result.rows
    )
    other = ToolResult(
        result.tool,
        result.arguments,
        result.model_version,
        result.snapshot,
        result.scope_hash,
        result.as_of,
        result.columns,
        rows,  # type: ignore[arg-type]
        result.row_count,
        result.truncated,
    )
    return Told("main", Citation(item.citation.citation_id, item.number, other))


def words(language: Language, *items: Told) -> tuple[Telling, str]:
    """The telling and its text, verified."""
    telling = tell(items, language)
    citations = [item.citation for item in items]
    text, _ = render(telling.template, citations, language)
    verify(telling.template, text, citations, language)
    return telling, text


class TestForecast:
    @pytest.mark.parametrize("language", list(Language))
    @pytest.mark.parametrize(
        "arguments",
        [
            {},
            {"horizon": "to_year_end"},
            {"horizon": "months:3"},
            {"by": ["region"], "horizon": "next_quarter"},
            {"by": ["region", "product_category"], "each": True, "horizon": "next_quarter"},
            {"by": ["partner"], "metric": "quantity"},
        ],
    )
    def test_every_form_is_verified(self, language: Language, arguments: dict[str, Any]) -> None:
        _, text = words(language, told("forecast", **arguments))
        assert "80%" in text
        assert "[1]" in text

    def test_total_first_then_members_with_their_errors(self) -> None:
        _, text = words(Language.ZH, told("forecast", by=["region"], horizon="next_quarter"))
        first, second, *_ = text.splitlines()
        assert first.startswith("2027-Q1 销售额预测合计")
        assert "80% 区间" in first
        assert second.startswith("- 华南：")
        assert "回测误差" in second
        assert "80% 区间实际覆盖" in text

    def test_the_year_so_far_stands_apart(self) -> None:
        _, text = words(Language.EN, told("forecast", horizon="to_year_end"))
        item = told("forecast", horizon="to_year_end").result
        at = item.column_index("actual_to_date")
        assert f"CNY {item.rows[0][at]:,.2f} so far this year" in text
        assert "expected for all of it" in text

    def test_new_partners_are_named_as_doubtful(self) -> None:
        _, text = words(Language.EN, told("forecast", by=["partner"]))
        line = next(line for line in text.splitlines() if line.startswith("Low confidence"))
        assert "丁" in line

    def test_narrow_intervals_are_admitted(self) -> None:
        item = told("forecast", by=["region"])
        assert "too narrow" not in words(Language.EN, changed(item, coverage80=0.8))[1]
        assert "too narrow" in words(Language.EN, changed(item, coverage80=0.5))[1]

    def test_an_unknown_error_is_said_to_be_unknown(self) -> None:
        item = changed(told("forecast"), backtest_wape=None, coverage80=None)
        assert "历史太短，无法回测" in words(Language.ZH, item)[1]

    def test_filters_are_named(self) -> None:
        where = {"kind": "filter", "member": "region", "values": ["华东"]}
        assert "华东销售额预测" in words(Language.ZH, told("forecast", where=where))[1]


class TestPictures:
    def test_a_band_over_the_series_where_it_is_at_hand(self) -> None:
        series = told("forecast_series", 2, horizon="next_month")
        chart = words(Language.ZH, told("forecast"), series)[0].chart
        assert chart is not None
        assert (chart.kind, chart.citation, chart.x) == ("band", 2, "period")
        assert chart.y == ("value", "lo80", "hi80", "lo95", "hi95")

    def test_members_by_period_are_a_heat_map(self) -> None:
        item = told("forecast", by=["region"], horizon="months:2")
        chart = words(Language.ZH, item)[0].chart
        assert chart is not None
        assert (chart.kind, chart.x, chart.series) == ("heatmap", "period", "region")

    def test_members_alone_are_bars_and_one_figure_is_none(self) -> None:
        bars = words(Language.ZH, told("forecast", by=["region"]))[0]
        assert bars.chart is not None
        assert bars.chart.kind == "bar"
        assert bars.shown is not None
        assert set(bars.shown.labels) == {"华东", "华南"}
        assert words(Language.ZH, told("forecast"))[0].chart is None

    @pytest.mark.parametrize("language", list(Language))
    def test_a_series_alone_tells_its_last_period(self, language: Language) -> None:
        item = told("forecast_series", by=["region"], horizon="next_month")
        telling, text = words(language, item)
        assert text.count("2026-11") == 2
        assert telling.chart is not None
        assert telling.chart.series == "region"
