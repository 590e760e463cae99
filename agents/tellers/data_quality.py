"""How findings about the data are told."""

from __future__ import annotations

from collections.abc import Sequence

from agents.narrate import Told
from agents.slots import cell, whole
from agents.tellers.telling import MAX_LINES, Telling, mark
from leadline.types import Language


def tell_data_quality(told: Sequence[Told], language: Language) -> Telling:
    """The words for `data_quality`."""
    first, zh = told[0], language is Language.ZH
    count = whole(first.number, "row_count")
    if not first.result.rows:
        text = f"没有发现数据问题（{count} 项）" if zh else f"No finding about the data ({count})"
        return Telling(f"{text}{mark(first)}{'。' if zh else '.'}")
    title = f"数据问题 {count} 项{mark(first)}：" if zh else f"Findings: {count}{mark(first)}"
    rows = range(min(len(first.result.rows), MAX_LINES))
    return Telling("\n".join([title, *(f"- {finding_line(first, r, language)}" for r in rows)]))


def finding_line(told: Told, row: int, language: Language) -> str:
    """One finding and its figure."""
    zh, n = language is Language.ZH, told.number
    label, value = cell(n, row, "label_zh" if zh else "label_en"), cell(n, row, "value")
    return f"{label}：{value}" if zh else f"{label}: {value}"
