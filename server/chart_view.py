"""A picture of an answer in characters: bars, bars from a zero line, intervals, a grid."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from leadline.evidence import Chart, ToolResult
from leadline.figures import render_figure, unit_in
from leadline.types import Language, Scalar, Unit

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

BAR_CELLS: Final = 28
MOST_ROWS: Final = 40
PERIODS_SHOWN: Final = 12
"""Periods of a band that a terminal shows: the last ones, the forecast among them."""
MOST_COLUMNS: Final = 8
"""Columns of a grid that fit a terminal."""


def print_chart(result: ToolResult, chart: Chart, console: Console, language: Language) -> None:
    """Print the chart of a result; nothing where it holds no figures."""
    if chart.kind != "waterfall":
        result = _without_total(result)
    painted = {
        "waterfall": _waterfall,
        "band": _band,
        "radar": _radar,
        "heatmap": _heatmap,
    }.get(chart.kind, _bars)(result, chart, language)
    if painted is not None:
        console.print(painted)


def _without_total(result: ToolResult) -> ToolResult:
    """The members' rows: beside their sum, every member's bar would be short."""
    if all(column.name != "kind" for column in result.columns):
        return result
    at = result.column_index("kind")
    return replace(result, rows=tuple(row for row in result.rows if row[at] != "total"))


def _grid() -> Table:
    from rich.table import Table

    return Table.grid(padding=(0, 1))


def _figure(result: ToolResult, row: int, column: str, language: Language) -> str:
    at = result.column_index(column)
    unit = unit_in(result, row, result.columns[at])
    return render_figure(result.rows[row][at], unit, language)


def _number(value: Scalar) -> float | None:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    return float(value)


def _names(result: ToolResult, chart: Chart) -> list[str]:
    """What each row is called: its member, and that of its series."""
    x = result.column_index(chart.x)
    series = result.column_index(chart.series) if chart.series else None
    return [
        str(row[x]) + (f" / {row[series]}" if series is not None and row[series] else "")
        for row in result.rows
    ]


def _bars(result: ToolResult, chart: Chart, language: Language) -> Table | None:
    from rich.markup import escape

    y = result.column_index(chart.y[0])
    values = [_number(row[y]) for row in result.rows]
    top = max((abs(v) for v in values if v is not None), default=0)
    if not top:
        return None
    table = _grid()
    for row, (name, value) in enumerate(zip(_names(result, chart), values, strict=True)):
        if row >= MOST_ROWS:
            break
        size = round(abs(value) / top * BAR_CELLS) if value is not None else 0
        style = "red" if value is not None and value < 0 else "blue"
        figure = _figure(result, row, chart.y[0], language)
        table.add_row(escape(name), f"[{style}]{'█' * size}[/]", figure)
    return table


def _waterfall(result: ToolResult, chart: Chart, language: Language) -> Table | None:
    """Each part from where the one before ended; rises and falls of one scale."""
    from rich.markup import escape

    y = result.column_index(chart.y[0])
    values = [_number(row[y]) or 0.0 for row in result.rows]
    kinds = _kinds(result)
    ends, at = [], 0.0
    for value, kind in zip(values, kinds, strict=True):
        start, at = (0.0, value) if kind == "total" else (at, at + value)
        ends.append((min(start, at), max(start, at)))
    low = min((e[0] for e in ends), default=0.0)
    width = max((e[1] for e in ends), default=0.0) - low
    if not width:
        return None
    table = _grid()
    for row, (name, (left, right)) in enumerate(zip(_names(result, chart), ends, strict=True)):
        lead = round((left - low) / width * BAR_CELLS)
        size = max(1, round((right - left) / width * BAR_CELLS))
        style = "red" if values[row] < 0 else "green"
        bar = f"{' ' * lead}[{style}]{'█' * size}[/]"
        table.add_row(escape(name), bar, _figure(result, row, chart.y[0], language))
    return table


def _kinds(result: ToolResult) -> list[str]:
    if all(column.name != "kind" for column in result.columns):
        return [""] * len(result.rows)
    at = result.column_index("kind")
    return [str(row[at]) for row in result.rows]


def _band(result: ToolResult, chart: Chart, language: Language) -> Table | None:
    """The last periods with their bounds, what is forecast in another colour."""
    from rich.markup import escape

    y, low, high = chart.y[0], chart.y[1], chart.y[2]
    at = result.column_index(y)
    kinds, names = _kinds(result), _names(result, chart)
    if chart.series:
        return _bars(result, chart, language) if len(result.rows) <= MOST_ROWS else None
    rows = range(max(0, len(result.rows) - PERIODS_SHOWN), len(result.rows))
    top = max((abs(_number(result.rows[r][at]) or 0.0) for r in rows), default=0)
    if not top:
        return None
    table = _grid()
    for row in rows:
        value = _number(result.rows[row][at])
        bounds = [result.rows[row][result.column_index(b)] for b in (low, high)]
        size = round(abs(value or 0.0) / top * BAR_CELLS)
        ahead = kinds[row] == "forecast" or (not kinds[row] and None not in bounds)
        between = ""
        if None not in bounds:
            ends = (_figure(result, row, b, language) for b in (low, high))
            between = f"[dim]{' … '.join(ends)}[/]"
        bar = f"[{'cyan' if ahead else 'blue'}]{('▒' if ahead else '█') * size}[/]"
        table.add_row(escape(names[row]), bar, _figure(result, row, y, language), between)
    return table


def _radar(result: ToolResult, chart: Chart, language: Language) -> Table | None:
    """One row for each axis; one column of bars for each row of the result."""
    from rich.markup import escape

    if not result.rows:
        return None
    shown = range(min(len(result.rows), 2))
    table = _grid()
    if len(shown) > 1:
        names = _names(result, chart)
        table.add_row("", *(escape(names[row]) for row in shown))
    half = BAR_CELLS // len(shown)
    for axis in chart.y:
        column = result.columns[result.column_index(axis)]
        label = column.label_zh if language is Language.ZH else column.label_en
        cells = []
        for row in shown:
            value = _number(result.rows[row][result.column_index(axis)])
            full = 1.0 if column.unit is Unit.RATIO else 100.0
            size = 0 if value is None else round(max(0.0, min(1.0, value / full)) * half)
            figure = "–" if value is None else _figure(result, row, axis, language)
            cells.append(f"[blue]{'█' * size}[/] {figure}")
        table.add_row(escape(label), *cells)
    return table


def _heatmap(result: ToolResult, chart: Chart, language: Language) -> Table | None:
    """A grid of figures; the darker the larger."""
    from rich.markup import escape

    if chart.series is None:
        return _bars(result, chart, language)
    x, y, s = (result.column_index(name) for name in (chart.x, chart.y[0], chart.series))
    cells: dict[tuple[str, str], int] = {}
    for row, values in enumerate(result.rows):
        if values[s] is not None and values[x] is not None:
            cells.setdefault((str(values[s]), str(values[x])), row)
    across = list(dict.fromkeys(key[1] for key in cells))
    top = max((abs(_number(result.rows[r][y]) or 0.0) for r in cells.values()), default=0)
    if not top or len(across) > MOST_COLUMNS:
        return None
    table = _grid()
    table.add_row("", *(escape(name) for name in across))
    for name in dict.fromkeys(key[0] for key in cells):
        line = []
        for other in across:
            row_at = cells.get((name, other))
            if row_at is None:
                line.append("")
                continue
            share = abs(_number(result.rows[row_at][y]) or 0.0) / top
            shade = "░▒▓█"[min(3, int(share * 4))]
            line.append(f"[blue]{shade}[/] {_figure(result, row_at, chart.y[0], language)}")
        table.add_row(escape(name), *line)
    return table
