"""The forecast with its interval and error, and how right the last one was."""

from __future__ import annotations

from typing import Final

from agents.briefs.desk import Desk, Line, Section, has, value
from agents.narrate import Told
from agents.slots import cell
from agents.tellers.telling import mark, text_of
from leadline.evidence import Chart

MEMBERS: Final = 5
HISTORY_MONTHS: Final = 18


def outlook(desk: Desk) -> Section:
    """Next month by region, the last quarter's forecast against what came, a band."""
    told = desk.call(
        "forecast",
        {"metric": "amount", "by": ["region"], "horizon": "next_month", "limit": MEMBERS},
    )
    lines: list[Line] = []
    charts: list[Chart] = []
    if told is not None and has(told, "forecast"):
        rows = [r for r in range(len(told.result.rows)) if text_of(told, r, "kind") == "member"]
        lines += [_forecast(desk, told, r) for r in rows[:MEMBERS]]
        series = desk.call(
            "forecast_series",
            {
                "metric": "amount",
                "by": [],
                "horizon": "next_quarter",
                "history_months": HISTORY_MONTHS,
            },
        )
        if series is not None and has(series, "lo80"):
            bounds = ("value", "lo80", "hi80", "lo95", "hi95")
            charts.append(Chart("band", series.number, "period_start", bounds))
    lines += _accuracy(desk)
    return Section("outlook", "预测", "Outlook", tuple(lines), tuple(charts))


def _forecast(desk: Desk, told: Told, row: int) -> Line:
    n = told.number
    region, period = cell(n, row, "region"), cell(n, row, "period")
    middle = cell(n, row, "forecast")
    low, high = cell(n, row, "lo80"), cell(n, row, "hi80")
    narrow = cell(n, row, "narrow") if has(told, "narrow") else ""
    text = desk.say(
        f"{region} {period} 预测 {middle}，{narrow} 区间 {low} 至 {high}",
        f"{region}, {period}: {middle}, {narrow} interval {low} to {high}",
    )
    if value(told, row, "previous_year") is not None:
        before = cell(n, row, "previous_year")
        text += desk.say(f"，去年同月 {before}", f"; the year before {before}")
    if value(told, row, "backtest_wape") is not None:
        error = cell(n, row, "backtest_wape")
        text += desk.say(f"；回测误差 {error}", f"; backtest error {error}")
    if value(told, row, "coverage80") is not None:
        covered = cell(n, row, "coverage80")
        text += desk.say(f"，区间实测覆盖 {covered}", f", interval held {covered} of the time")
    if text_of(told, row, "confidence") == "low":
        text += desk.say("；历史短，可信度低", "; short history, low confidence")
    return Line(f"{text}{mark(told)}{desk.say('。', '.')}")


def _accuracy(desk: Desk) -> list[Line]:
    told = desk.call("forecast_accuracy", {"by": ["region"]})
    if told is None or not has(told, "error_rate"):
        return []
    n, lines = told.number, []
    for row in range(min(len(told.result.rows), MEMBERS)):
        if text_of(told, row, "kind") == "total" or value(told, row, "error_rate") is None:
            continue
        region, period = cell(n, row, "region"), cell(n, row, "period")
        forecast, actual = cell(n, row, "forecast"), cell(n, row, "actual")
        error = cell(n, row, "error_rate")
        text = desk.say(
            f"上回可核对的预测：{region} {period} 预测 {forecast}，实际 {actual}，误差 {error}",
            f"Last forecast that can be checked: {region} {period}, {forecast} against {actual}, "
            f"error {error}",
        )
        lines.append(Line(f"{text}{mark(told)}{desk.say('。', '.')}"))
    return lines
