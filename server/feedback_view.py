"""How feedback on answers looks in the terminal, in Chinese or English."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.markup import escape
from rich.table import Table

from leadline.types import Language
from server.eval_view import within

if TYPE_CHECKING:
    from rich.console import Console

    from knowledge.warehouse.feedback_store import RatedAnswer

HANDS = {"up": "👍", "down": "👎"}


def print_feedback(console: Console, language: Language, found: Sequence[RatedAnswer]) -> None:
    """Who said what of which question, and the answer's id to look at it."""
    if not found:
        console.print(within(language, "没有反馈", "no feedback"))
        return
    grid = Table(box=None, pad_edge=False, header_style="bold")
    for zh, en, whole in (
        ("", "", True),
        ("时间", "when", True),
        ("答案编号", "answer", True),
        ("用户", "who", False),
        ("问题", "question", False),
        ("意见", "comment", False),
    ):
        grid.add_column(within(language, zh, en), no_wrap=whole, overflow="fold")
    for item in found:
        said = item.feedback
        grid.add_row(
            HANDS[said.rating],
            f"{said.updated_at:%Y-%m-%d %H:%M}",
            said.answer_id,
            escape(said.principal),
            escape(item.question),
            escape(said.comment or "–"),
        )
    console.print(grid)
