"""Charts of a brief as SVG text: bars, a waterfall, a band. No script, no file beside the page.

A chart is drawn from one citation's rows only; its labels are the figures as the text shows them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape
from typing import Final

from leadline.evidence import Chart, Citation, ToolResult
from leadline.figures import render_figure
from leadline.types import Language

WIDTH: Final = 720
ROW: Final = 24
BARS: Final = 8
LABEL: Final = 200
"""Pixels for the names of bars."""
VALUE: Final = 110
"""Pixels for their figures."""
BAND_HEIGHT: Final = 220
CAPTIONS: Final = {
    "waterfall": ("销售额由去年同期到本期的变化", "Sales from the same weeks of last year to now"),
    "band": (
        "每月销售额：实线为实际，虚线为预测，色带为两级区间",
        "Monthly sales: actual, forecast (dashed) and its two intervals",
    ),
}
UP, DOWN, PLAIN, SOFT, WIDE = "#2f7d4f", "#b4442e", "#3b6ea5", "#9dbbdc", "#d3e1f0"


def to_svg(chart: Chart, citations: Sequence[Citation], language: Language) -> str:
    """The chart as an `<svg>` element; empty where its rows hold too little to draw."""
    result = next(c.result for c in citations if c.number == chart.citation)
    if chart.kind == "waterfall":
        return _waterfall(chart, result, language)
    if chart.kind == "band":
        return _band(chart, result, language)
    return _bars(chart, result, language)


@dataclass(frozen=True, slots=True)
class _Bar:
    name: str
    value: float
    start: float
    text: str
    colour: str


def _cell(result: ToolResult, row: int, column: str) -> object:
    return result.rows[row][result.column_index(column)]


def _value(result: ToolResult, row: int, column: str) -> float | None:
    found = _cell(result, row, column)
    return float(found) if isinstance(found, (int, float)) else None


def _shown(result: ToolResult, row: int, column: str, language: Language) -> str:
    at = result.column_index(column)
    return render_figure(result.rows[row][at], result.columns[at], language)


def _name(result: ToolResult, row: int, chart: Chart) -> str:
    parts = [_cell(result, row, c) for c in (chart.series, chart.x) if c is not None]
    return " · ".join(str(part) for part in parts if part is not None)


def _bars(chart: Chart, result: ToolResult, language: Language) -> str:
    column = chart.y[0]
    bars = []
    for row in range(min(len(result.rows), BARS)):
        value = _value(result, row, column)
        if value is not None:
            shown = _shown(result, row, column, language)
            bars.append(_Bar(_name(result, row, chart), value, 0.0, shown, PLAIN))
    return _horizontal(bars, result.columns[result.column_index(column)].label(language))


def _waterfall(chart: Chart, result: ToolResult, language: Language) -> str:
    """From the earlier figure to the later one; rows of a kind `total` are the two ends."""
    column, bars, at = chart.y[0], [], 0.0
    kinds = [str(_cell(result, row, "kind")) for row in range(len(result.rows))]
    total = kinds.index("total") if "total" in kinds else None
    steps = [row for row, kind in enumerate(kinds) if kind != "total"]
    if total is None or not steps:
        return ""
    start = _value(result, total, "previous") or 0.0
    before, now = ("去年同期", "本期") if language is Language.ZH else ("Then", "Now")
    bars.append(_Bar(before, start, 0.0, _shown(result, total, "previous", language), PLAIN))
    at = start
    for row in steps:
        value = _value(result, row, column) or 0.0
        shown = _shown(result, row, column, language)
        shown = f"+{shown}" if value > 0 else shown
        bars.append(_Bar(_name(result, row, chart), value, at, shown, UP if value >= 0 else DOWN))
        at += value
    end = _value(result, total, "current") or 0.0
    bars.append(_Bar(now, end, 0.0, _shown(result, total, "current", language), PLAIN))
    return _horizontal(bars, CAPTIONS["waterfall"][0 if language is Language.ZH else 1])


def _horizontal(bars: Sequence[_Bar], label: str) -> str:
    if len(bars) < 2:
        return ""
    low = min(0.0, *(min(b.start, b.start + b.value) for b in bars))
    high = max(0.0, *(max(b.start, b.start + b.value) for b in bars))
    if high <= low:
        return ""
    room = WIDTH - LABEL - VALUE

    def x(value: float) -> float:
        return LABEL + (value - low) / (high - low) * room

    parts = []
    for index, bar in enumerate(bars):
        top = index * ROW
        left, right = sorted((x(bar.start), x(bar.start + bar.value)))
        parts.append(_text(LABEL - 8, top + 16, _short(bar.name), "end"))
        parts.append(
            f'<rect x="{left:.1f}" y="{top + 4}" width="{max(right - left, 1):.1f}" '
            f'height="{ROW - 8}" fill="{bar.colour}"/>'
        )
        parts.append(_text(right + 6, top + 16, bar.text, "start"))
    return _svg(len(bars) * ROW, label, parts)


def _band(chart: Chart, result: ToolResult, language: Language) -> str:
    """Actuals as a line, then the forecast with its two intervals."""
    middle, *bounds = chart.y
    values = [_value(result, row, middle) for row in range(len(result.rows))]
    points = [(row, value) for row, value in enumerate(values) if value is not None]
    if len(points) < 3:
        return ""
    every = [value for _, value in points]
    drawn = [_value(result, row, bound) for bound in bounds for row in range(len(values))]
    every += [value for value in drawn if value is not None]
    low, high = min(0.0, *every), max(every)
    if high <= low:
        return ""
    room, height = WIDTH - 130, BAND_HEIGHT - 50

    def place(row: int, value: float) -> str:
        across = 90 + row / (len(values) - 1) * room
        return f"{across:.1f},{20 + (high - value) / (high - low) * height:.1f}"

    parts = []
    for lower, upper, colour in ((3, 4, WIDE), (1, 2, SOFT)):
        if len(chart.y) > upper:
            parts += _area(result, chart.y[lower], chart.y[upper], place, colour)
    kinds = [str(_cell(result, row, "kind")) for row in range(len(values))]
    ahead = [p for p in points if kinds[p[0]] == "forecast"]
    actual = [p for p in points if kinds[p[0]] != "forecast"]
    for line, dash in ((actual, ""), (actual[-1:] + ahead, ' stroke-dasharray="5 4"')):
        path = " ".join(place(row, value) for row, value in line)
        stroke = f'fill="none" stroke="{PLAIN}" stroke-width="2"{dash}'
        parts.append(f'<polyline points="{path}" {stroke}/>')
    x_unit = result.columns[result.column_index(chart.x)]
    for row in (0, len(actual) - 1, len(values) - 1):
        shown = render_figure(str(_cell(result, row, chart.x))[:7], x_unit, language)
        across = 90 + row / (len(values) - 1) * room
        parts.append(_text(across, BAND_HEIGHT - 8, shown, "middle"))
    unit = result.columns[result.column_index(middle)]
    for value in (low, high):
        shown = render_figure(round(value, 2), unit, language)
        y = 20 + (high - value) / (high - low) * height
        parts.append(_text(84, y + 4, shown, "end"))
    return _svg(BAND_HEIGHT, CAPTIONS["band"][0 if language is Language.ZH else 1], parts)


def _area(
    result: ToolResult, lower: str, upper: str, place: Callable[[int, float], str], colour: str
) -> list[str]:
    rows = [
        (row, low, high)
        for row in range(len(result.rows))
        if (low := _value(result, row, lower)) is not None
        and (high := _value(result, row, upper)) is not None
    ]
    if not rows:
        return []
    there = [place(row, high) for row, _, high in rows]
    back = [place(row, low) for row, low, _ in reversed(rows)]
    return [f'<polygon points="{" ".join(there + back)}" fill="{colour}"/>']


def _short(name: str) -> str:
    return name if len(name) <= 15 else name[:14] + "…"


def _text(x: float, y: float, text: str, anchor: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(text)}</text>'


def _svg(height: int, label: str, parts: Sequence[str]) -> str:
    return (
        f'<figure><svg viewBox="0 0 {WIDTH} {height}" role="img" aria-label="{escape(label)}">'
        f"{''.join(parts)}</svg><figcaption>{escape(label)}</figcaption></figure>"
    )
