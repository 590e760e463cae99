"""An answer on a terminal: text, picture, reading, citations, what to ask next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from leadline.evidence import Answer, Chart, ToolResult
from leadline.types import Language

if TYPE_CHECKING:
    from rich.console import Console

BAR_CELLS = 28
_LABEL_EN = {"已认证": "certified", "规则推导": "derived by rule", "模型生成": "model-written"}
_STYLE = {"answered": "green", "clarify": "yellow", "refused": "red"}


def print_answer(answer: Answer, console: Console) -> None:
    """Print everything that a reader needs to trust or to pursue the answer."""
    from rich.markup import escape

    zh = answer.language is Language.ZH
    console.print(
        escape(answer.text), style="bold" if answer.status == "answered" else _STYLE[answer.status]
    )
    if answer.chart is not None:
        _print_chart(
            answer.citations[answer.chart.citation - 1].result,
            answer.chart,
            console,
            answer.language,
        )
    if answer.reading:
        console.print(f"{'理解为' if zh else 'Read as'}: {escape(answer.reading)}", style="dim")
    for index, option in enumerate(answer.options, start=1):
        console.print(f"  {index}. {escape(option.label)}", style="cyan")
    for citation in answer.citations:
        rows = citation.result.row_count
        unit = "行" if zh else ("row" if rows == 1 else "rows")
        console.print(
            f"\\[{citation.number}] {citation.citation_id} · {citation.result.tool} · "
            f"{'快照' if zh else 'snapshot'} {citation.result.snapshot} · {rows} {unit}",
            style="dim",
            highlight=False,
        )
    if answer.status == "answered":
        label = answer.label if zh else _LABEL_EN[answer.label]
        when = f"{'数据截至' if zh else 'as of'} {answer.as_of}"
        by = _planned_by(answer)
        console.print(f"{label} · {when} · {answer.answer_id}{by}", style="dim", highlight=False)
    if answer.followups:
        lead = "可以接着问" if zh else "Ask next"
        console.print(escape(f"{lead}: {' | '.join(answer.followups)}"), style="cyan dim")


def _planned_by(answer: Answer) -> str:
    """The model and what it took, where one had a part; the rules need no mention."""
    planning = answer.planning
    if planning.model is None:
        return ""
    tokens = f"{planning.input_tokens:,} + {planning.output_tokens:,} tokens"
    cost = f" · {planning.cost} {planning.currency}" if planning.cost is not None else ""
    return f" · {planning.model} · {tokens}{cost}"


def _print_chart(result: ToolResult, chart: Chart, console: Console, language: Language) -> None:
    from rich.markup import escape
    from rich.table import Table

    from leadline.figures import render_figure, unit_in

    y = result.column_index(chart.y[0])
    x = result.column_index(chart.x)
    series = result.column_index(chart.series) if chart.series else None
    values = [v for row in result.rows if isinstance(v := row[y], (int, float))]
    top = max((abs(v) for v in values), default=0)
    if not top:
        return
    table = Table.grid(padding=(0, 1))
    for at, row in enumerate(result.rows):
        value = row[y]
        name = str(row[x]) + (f" / {row[series]}" if series is not None else "")
        size = round(abs(value) / top * BAR_CELLS) if isinstance(value, (int, float)) else 0
        style = "red" if isinstance(value, (int, float)) and value < 0 else "blue"
        table.add_row(
            escape(name),
            f"[{style}]{'█' * size}[/]",
            render_figure(value, unit_in(result, at, result.columns[y]), language),
        )
    console.print(table)
