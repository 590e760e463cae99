"""What is to come: forecast with interval, against last year, how wrong the method has been."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from agents.narrate import Told
from agents.slots import cell, whole
from agents.tellers.telling import MAX_LINES, Telling, listed, mark, text_of
from agents.wording import key_label, metric_label, spec_of, where_words
from leadline.evidence import Chart
from leadline.types import Language

TOO_NARROW: Final = 0.7
"""Measured coverage below which the narrow interval is said to hold less than it claims."""
DOUBTFUL: Final = 5
"""Members of low confidence that are named."""
BOUNDS: Final = ("forecast", "lo80", "hi80", "lo95", "hi95")
VALUES: Final = ("value", "lo80", "hi80", "lo95", "hi95")


def tell_forecast(told: Sequence[Told], language: Language) -> Telling:
    """The words for a result of the forecast tool."""
    main = told[0]
    zh = language is Language.ZH
    by = _keys(main)
    lines = [_headline(main, language)]
    lines += _lines(main, by, zh)
    lines += [_record(main, zh), *_warnings(main, by, zh)]
    return Telling(
        "\n".join(line for line in lines if line),
        reading=_reading(main, by, language),
        chart=_chart(told, by),
        followups=_followups(by, zh),
        shown=listed(main, by[0]) if len(by) == 1 else None,
    )


def tell_forecast_series(told: Sequence[Told], language: Language) -> Telling:
    """The words for a series on its own: the last forecast period, and the picture."""
    main, zh = told[0], language is Language.ZH
    by, n = _keys(main), told[0].number
    name = metric_label(str(main.result.arguments.get("metric", "amount")), language)
    lines = []
    last: dict[tuple[str, ...], int] = {}
    for row in range(len(main.result.rows)):
        if text_of(main, row, "kind") == "forecast":
            last[tuple(text_of(main, row, key) for key in by)] = row
    for row in list(last.values())[:MAX_LINES]:
        member = _member(main, row, by, zh)
        value, period = cell(n, row, "value"), cell(n, row, "period")
        low, high = cell(n, row, "lo80"), cell(n, row, "hi80")
        if zh:
            head = f"{member}：" if member else ""
            lines.append(f"{head}{period} {name}预测 {value}，区间 {low} 至 {high}{mark(main)}。")
        else:
            head = f"{member}: " if member else ""
            lines.append(f"{head}{name} {period} {value}, between {low} and {high}{mark(main)}.")
    reading = f"{name}的实际与预测" if zh else f"{name}, actual and forecast"
    series = by[0] if by else None
    chart = Chart("band", n, "period", VALUES, series)
    return Telling("\n".join(lines), reading=reading, chart=chart, followups=_followups(by, zh))


def _keys(main: Told) -> tuple[str, ...]:
    named = main.result.arguments.get("by", ())
    return tuple(str(name) for name in named) if isinstance(named, list | tuple) else ()


def _member(main: Told, row: int, by: Sequence[str], zh: bool) -> str:
    """The slots that name a row's members."""
    nobody = "（未归属）" if zh else "(no member)"
    names = (cell(main.number, row, key) if text_of(main, row, key) else nobody for key in by)
    return " × ".join(names)


def _of(main: Told, kind: str) -> list[int]:
    return [r for r in range(len(main.result.rows)) if text_of(main, r, "kind") == kind]


def _interval(main: Told, row: int, zh: bool, side: str = "narrow") -> str:
    n, level = main.number, "80" if side == "narrow" else "95"
    name, low, high = cell(n, row, side), cell(n, row, f"lo{level}"), cell(n, row, f"hi{level}")
    return f"{name} 区间 {low} 至 {high}" if zh else f"{name} interval {low} to {high}"


def _against(main: Told, row: int, zh: bool) -> str:
    """Against the same period last year, where that is known."""
    if not text_of(main, row, "change_rate"):
        return ""
    n = main.number
    by, size = cell(n, row, "change_rate", "direction"), cell(n, row, "change_rate", "size")
    return f"，比去年同期{by} {size}" if zh else f", {by} {size} on the same period last year"


def _headline(main: Told, language: Language) -> str:
    """All together, or the only row; several periods of one total are told one by one."""
    zh = language is Language.ZH
    n, rows = main.number, main.result.rows
    name = metric_label(str(main.result.arguments.get("metric", "amount")), language)
    total = _of(main, "total")
    spec = spec_of(main.result)
    where = whole(n, "where") if spec is not None and where_words(spec, language) else ""
    head = total or ([0] if len(rows) == 1 else [])
    if len(head) != 1:
        if zh:
            return f"{where}{name}预测{mark(main)}："
        return f"Forecast of {name}{f' for {where}' if where else ''}{mark(main)}:"
    row = head[0]
    period, forecast = cell(n, row, "period"), cell(n, row, "forecast")
    year = _year(main, row, zh)
    if zh:
        whole_of = "合计" if total else ""
        return (
            f"{period} {where}{name}预测{whole_of} {forecast}，{_interval(main, row, zh)}，"
            f"{_interval(main, row, zh, 'wide')}{_against(main, row, zh)}{year}{mark(main)}。"
        )
    place = f" for {where}" if where else ""
    together = " in total" if total else ""
    return (
        f"{name[0].upper()}{name[1:]}{place}, {period}: {forecast}{together}, "
        f"{_interval(main, row, zh)}, {_interval(main, row, zh, 'wide')}"
        f"{_against(main, row, zh)}{year}{mark(main)}."
    )


def _year(main: Told, row: int, zh: bool) -> str:
    """What the year has brought so far, where the question was about its end."""
    names = {column.name for column in main.result.columns}
    if "year_outlook" not in names or not text_of(main, row, "year_outlook"):
        return ""
    so_far, outlook = (cell(main.number, row, c) for c in ("actual_to_date", "year_outlook"))
    if zh:
        return f"；本年已实现 {so_far}，全年展望 {outlook}"
    return f"; {so_far} so far this year, {outlook} expected for all of it"


def _lines(main: Told, by: Sequence[str], zh: bool) -> list[str]:
    """One line per member or period, where there are several."""
    members = _of(main, "member")
    if len(members) < 2:
        return []
    several = len({text_of(main, r, "period") for r in members}) > 1
    lines = []
    for row in members[:MAX_LINES]:
        n = main.number
        names = [_member(main, row, by, zh)] if by else []
        names += [cell(n, row, "period")] if several else []
        error = ""
        if text_of(main, row, "backtest_wape"):
            wape = cell(n, row, "backtest_wape")
            error = f"，回测误差 {wape}" if zh else f", backtest error {wape}"
        forecast = cell(n, row, "forecast")
        join, opening, close = ("：", "（", "）") if zh else (": ", " (", ")")
        inside = f"{_interval(main, row, zh)}{_against(main, row, zh)}{error}"
        lines.append(f"- {' '.join(names)}{join}{forecast}{opening}{inside}{close}")
    if len(members) > MAX_LINES or main.result.truncated:
        lines.append("其余见引用。" if zh else "The rest stands in the citation.")
    return lines


def _record(main: Told, zh: bool) -> str:
    """Method, backtest error, bias and measured coverage."""
    row = (_of(main, "total") or [0])[0]
    n = main.number
    method = cell(n, row, "method_zh" if zh else "method_en")
    if not text_of(main, row, "backtest_wape"):
        if zh:
            return f"方法：{method}；历史太短，无法回测，误差未知{mark(main)}。"
        return f"Method: {method}; too little history to say how wrong it may be{mark(main)}."
    wape, bias = cell(n, row, "backtest_wape"), cell(n, row, "backtest_bias", "size")
    high = float(text_of(main, row, "backtest_bias") or 0) >= 0
    narrow, wide = (cell(n, row, c) for c in ("narrow", "wide"))
    c80, c95 = (cell(n, row, c) for c in ("coverage80", "coverage95"))
    if zh:
        lean = "偏高" if high else "偏低"
        return (
            f"方法：{method}。过去的回测中误差 {wape}，平均{lean} {bias}；"
            f"{narrow} 区间实际覆盖 {c80}，{wide} 区间实际覆盖 {c95}{mark(main)}。"
        )
    lean = "too high" if high else "too low"
    return (
        f"Method: {method}. In backtests it was off by {wape}, on average {bias} {lean}; "
        f"the {narrow} interval held {c80} of what came, the {wide} interval {c95}{mark(main)}."
    )


def _warnings(main: Told, by: Sequence[str], zh: bool) -> list[str]:
    lines = []
    n = main.number
    covered = text_of(main, 0, "coverage80")
    if covered and float(covered) < TOO_NARROW:
        if zh:
            lines.append(f"区间在回测中偏窄，实际波动可能更大{mark(main)}。")
        else:
            lines.append(
                f"The intervals were too narrow in backtests; expect more spread{mark(main)}."
            )
    low = [r for r in _of(main, "member") if text_of(main, r, "confidence") == "low"]
    if low and by:
        first = {text_of(main, r, by[0]): r for r in reversed(low)}
        shown = sorted(first.values())[:DOUBTFUL]
        names = ("、" if zh else ", ").join(_member(main, r, by, zh) for r in shown)
        more = len(first) > DOUBTFUL
        if zh:
            rest = "等" if more else ""
            lines.append(f"可信度低（历史短或回测误差大）：{names}{rest}{mark(main)}。")
        else:
            rest = " and others" if more else ""
            lines.append(
                f"Low confidence (short history or wide backtest error): {names}{rest}{mark(main)}."
            )
    elif low:
        period = cell(n, low[0], "period")
        if zh:
            lines.append(f"{period} 起的预测可信度低：历史短或回测误差大{mark(main)}。")
        else:
            lines.append(f"Low confidence: short history or wide backtest error{mark(main)}.")
    return lines


def _reading(main: Told, by: Sequence[str], language: Language) -> str:
    zh = language is Language.ZH
    name = metric_label(str(main.result.arguments.get("metric", "amount")), language)
    keys = ("、" if zh else ", ").join(key_label(key, language) for key in by)
    period = text_of(main, 0, "period") if len(_of(main, "member")) == 1 or by else ""
    if zh:
        return f"{name}预测{f'，按{keys}' if keys else ''}{f'，{period}' if period else ''}"
    return f"Forecast of {name}{f' by {keys}' if keys else ''}{f', {period}' if period else ''}"


def _chart(told: Sequence[Told], by: Sequence[str]) -> Chart | None:
    """A band over time where the series is at hand; a heat map of members by period; else bars."""
    series = next((t for t in told[1:] if t.result.tool == "forecast_series"), None)
    if series is not None:
        keys = _keys(series)
        return Chart("band", series.number, "period", VALUES, keys[0] if keys else None)
    main = told[0]
    members = _of(main, "member")
    several = len({text_of(main, r, "period") for r in members}) > 1
    if not by:
        return Chart("band", main.number, "period", BOUNDS) if several else None
    if several:
        return Chart("heatmap", main.number, "period", ("forecast",), by[0])
    if len(by) > 1:
        return Chart("heatmap", main.number, by[1], ("forecast",), by[0])
    return Chart("bar", main.number, by[0], ("forecast",)) if len(members) > 1 else None


def _followups(by: Sequence[str], zh: bool) -> tuple[str, ...]:
    if zh:
        return ("上季度预测准不准？", "至年底各产品类别预测" if by else "下季度各区域预测")
    second = "Forecast by product category to year end" if by else "Forecast by region next quarter"
    return ("How accurate was last quarter's forecast?", second)
