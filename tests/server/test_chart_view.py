"""Pictures in characters of the kinds that tools draw."""

from __future__ import annotations

import io
from datetime import date

import pytest
from rich.console import Console

from leadline.evidence import Chart, Column, ToolResult
from leadline.types import Language, Scalar, Unit
from server.chart_view import BAR_CELLS, PERIODS_SHOWN, print_chart


def result(columns: tuple[tuple[str, Unit], ...], *rows: tuple[Scalar, ...]) -> ToolResult:
    named = tuple(Column(name, unit, name, name) for name, unit in columns)
    return ToolResult("t", {}, "", 1, "", date(2026, 1, 1), named, rows, len(rows), False)


def shown(of: ToolResult, chart: Chart) -> list[str]:
    console = Console(file=io.StringIO(), width=140, color_system=None)
    print_chart(of, chart, console, Language.EN)
    return console.file.getvalue().splitlines()  # type: ignore[attr-defined]


class TestWaterfall:
    def test_each_part_begins_where_the_last_one_ended(self) -> None:
        """-30 from 0 to -30, +10 from -30 to -20, in all -20: 28 cells over a span of 30."""
        of = result(
            (("line", Unit.TEXT), ("change", Unit.QUANTITY), ("kind", Unit.TEXT)),
            ("A", -30, "member"),
            ("B", 10, "member"),
            ("All", -20, "total"),
        )
        lines = shown(of, Chart("waterfall", 1, "line", ("change",)))
        assert [line.count("█") for line in lines] == [BAR_CELLS, 9, 19]
        assert lines[1].index("█") < lines[2].index("█")  # B starts at -30, the total at -20

    def test_no_change_draws_nothing(self) -> None:
        of = result((("line", Unit.TEXT), ("change", Unit.QUANTITY)), ("A", 0))
        assert shown(of, Chart("waterfall", 1, "line", ("change",))) == []


class TestBand:
    columns = (
        ("period", Unit.TEXT),
        ("value", Unit.QUANTITY),
        ("lo80", Unit.QUANTITY),
        ("hi80", Unit.QUANTITY),
        ("kind", Unit.TEXT),
    )
    chart = Chart("band", 1, "period", ("value", "lo80", "hi80"))

    def test_what_is_forecast_has_its_bounds(self) -> None:
        of = result(
            self.columns,
            ("2026-01", 50, None, None, "actual"),
            ("2026-02", 100, 80, 120, "forecast"),
        )
        past, ahead = shown(of, self.chart)
        assert past.count("█") == BAR_CELLS // 2
        assert ahead.count("▒") == BAR_CELLS
        assert "80 … 120" in ahead

    def test_the_last_periods_are_shown(self) -> None:
        rows = [(f"p{n:02d}", n, None, None, "actual") for n in range(1, 20)]
        lines = shown(result(self.columns, *rows), self.chart)
        assert len(lines) == PERIODS_SHOWN
        assert lines[-1].startswith("p19")


class TestRadar:
    @pytest.mark.parametrize(("value", "cells"), [(100, BAR_CELLS), (50, 14), (0, 0), (None, 0)])
    def test_an_axis_is_a_bar_of_a_hundred(self, value: float | None, cells: int) -> None:
        of = result((("partner", Unit.TEXT), ("results", Unit.QUANTITY)), ("A", value))
        (line,) = shown(of, Chart("radar", 1, "partner", ("results",)))
        assert line.count("█") == cells
        assert ("–" in line) == (value is None)


class TestHeatmap:
    def test_rows_by_columns_the_darker_the_larger(self) -> None:
        of = result(
            (("region", Unit.TEXT), ("period", Unit.TEXT), ("forecast", Unit.QUANTITY)),
            ("East", "m1", 100),
            ("East", "m2", 10),
            ("West", "m1", 60),
        )
        head, east, west = shown(of, Chart("heatmap", 1, "period", ("forecast",), "region"))
        assert head.split() == ["m1", "m2"]
        assert "█ 100" in east
        assert "░ 10" in east
        assert "▓ 60" in west
