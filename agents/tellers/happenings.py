"""How dated events are told: one line each."""

from __future__ import annotations

from collections.abc import Sequence

from agents.narrate import Told
from agents.slots import cell, whole
from agents.tellers.telling import MAX_LINES, Telling, mark, text_of
from leadline.types import Language


def tell_happenings(told: Sequence[Told], language: Language) -> Telling:
    """The words for `happenings`."""
    first, zh = told[0], language is Language.ZH
    count = whole(first.number, "row_count")
    if not first.result.rows:
        text = f"这段时间没有记录到的事件（{count} 条）" if zh else f"Nothing on record ({count})"
        return Telling(f"{text}{mark(first)}{'。' if zh else '.'}")
    title = f"事件共 {count} 条{mark(first)}：" if zh else f"Events on record: {count}{mark(first)}"
    rows = range(min(len(first.result.rows), MAX_LINES))
    return Telling("\n".join([title, *(f"- {event_line(first, r, language)}" for r in rows)]))


def event_line(told: Told, row: int, language: Language) -> str:
    """One event: day, kind, what, and the values where there are any."""
    zh, n = language is Language.ZH, told.number
    day, kind = cell(n, row, "date"), cell(n, row, "kind_zh" if zh else "kind_en")
    text = f"{day} {kind}{'：' if zh else ': '}{cell(n, row, 'title')}"
    before, now = text_of(told, row, "old_value"), text_of(told, row, "new_value")
    if before and now:
        values = f"{cell(n, row, 'old_value')} → {cell(n, row, 'new_value')}"
        text += f"（{values}）" if zh else f" ({values})"
    elif now:
        budget = cell(n, row, "new_value")
        text += f"（预算 {budget}）" if zh else f" (budget {budget})"
    return text
