"""An answer on a terminal: text, picture, reading, citations, what to ask next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from leadline.evidence import Answer
from leadline.types import Language
from server.chart_view import print_chart

if TYPE_CHECKING:
    from rich.console import Console

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
        print_chart(
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
