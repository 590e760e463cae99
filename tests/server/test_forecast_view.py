"""Kept forecasts on a terminal, and charts without their sum."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime

import pytest
from rich.console import Console

from knowledge.warehouse.forecast_store import (
    ForecastQuality,
    ForecastRun,
    ForecastSubject,
    ForecastValue,
)
from leadline.evidence import Chart, Column, ToolResult
from leadline.types import Language, Unit
from server.chart_view import print_chart
from server.forecast_view import MOST_ROWS, as_payload, print_forecasts

SUBJECT = ForecastSubject(
    3, date(2026, 10, 31), "amount", "month", ("region",), date(2026, 11, 1), "1"
)
QUALITY = ForecastQuality(0.5, 0.125, -0.02, 0.79, None)
RUN = ForecastRun("f-1", SUBJECT, QUALITY, 2, "d", datetime(2026, 11, 1, tzinfo=UTC))


def value(member: str, forecast: float, month: int = 11) -> ForecastValue:
    start = date(2026, month, 1)
    bounds = (0.9 * forecast, 1.1 * forecast, 0.8 * forecast, 1.2 * forecast)
    return ForecastValue((member,), start, forecast, *bounds, "Blend", 0.2, None)


def printed(values: list[ForecastValue], language: Language, *, new: bool = True) -> str:
    out = io.StringIO()
    console = Console(file=out, width=120, color_system=None)
    print_forecasts(console, language, [(RUN, values, new)])
    return out.getvalue()


class TestTable:
    def test_the_first_month_largest_first(self) -> None:
        shown = printed([value("华北", 10), value("华东", 20), value("华东", 99, 12)], Language.EN)
        assert "amount · region · 2026-11" in shown
        assert shown.index("华东") < shown.index("华北")
        assert "99" not in shown
        assert "18.00 – 22.00" in shown
        assert "2 members, backtest error 12.5%, bias -2.0%" in shown
        assert "of 95% –; kept as f-1" in shown

    def test_in_chinese_and_kept_before(self) -> None:
        shown = printed([value("华北", 10)], Language.ZH, new=False)
        assert "共 1 个成员，回测误差 12.5%" in shown
        assert "此前已存档 f-1" in shown

    def test_a_long_level_is_cut(self) -> None:
        shown = printed([value(f"M{at:02}", at) for at in range(1, 20)], Language.EN)
        assert shown.count("Blend") == MOST_ROWS


def test_the_payload_holds_everything() -> None:
    (entry,) = as_payload([(RUN, [value("华北", 10)], True)])
    assert entry["as_of"] == "2026-10-31"
    assert entry["level"] == ("region",)
    assert entry["wape"] == 0.125
    values = entry["values"]
    assert isinstance(values, list)
    assert values[0]["period_start"] == "2026-11-01"


@pytest.mark.parametrize("kind", ["member", "total"])
def test_a_sum_has_no_bar(kind: str) -> None:
    columns = (
        Column("region", Unit.TEXT, "大区", "Region"),
        Column("forecast", Unit.COUNT, "预测", "Forecast"),
        Column("kind", Unit.TEXT, "行类", "Kind"),
    )
    rows = (("华东", 5, "member"), ("华北", 7, kind))
    result = ToolResult(
        "forecast", {}, "1", 1, "all", date(2026, 10, 31), columns, rows, 2, truncated=False
    )
    out = io.StringIO()
    console = Console(file=out, width=80, color_system=None)
    print_chart(result, Chart("bar", 1, "region", ("forecast",)), console, Language.ZH)
    assert ("华北" in out.getvalue()) == (kind == "member")
    assert "华东" in out.getvalue()
