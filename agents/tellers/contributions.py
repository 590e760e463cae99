"""Why a figure changed: the change, its main causes, what worked against them, what surprised."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from agents.narrate import Told
from agents.rules.followup import Shown
from agents.slots import cell, whole
from agents.tellers.telling import Telling, mark, text_of
from agents.wording import key_label, metric_label, spec_of, where_words
from leadline.evidence import Chart
from leadline.types import Language, Scalar
from tools.contribution_rows import WHOLE

CAUSES: Final = 3
"""Members named as causes, and as what worked against them."""
SURPRISING: Final = 3.0
"""Standard deviations from which a member counts as a surprise."""


def tell_contributions(told: Sequence[Told], language: Language) -> Telling:
    """The words for a result of the contributions tool."""
    main = told[0]
    kinds = [str(row[0]) for row in main.result.rows]
    total = kinds.index("total")
    dimensions = _dimensions(main)
    metric = str(main.result.arguments.get("metric", "amount"))
    change = _number(main, total, "change")
    lines = [_headline(main, total, metric, language)]
    members = [i for i, kind in enumerate(kinds) if kind == "member" and _number(main, i, "change")]
    along = [i for i in members if _number(main, i, "change") * change > 0][:CAUSES]
    against = [i for i in members if _number(main, i, "change") * change < 0][:CAUSES]
    if change:
        lines += _causes(main, along, against, metric, language)
    lines += _effects(main, total, language)
    lines += _surprises(main, members, language)
    return Telling(
        "\n".join(lines),
        reading=_reading(dimensions, metric, language),
        chart=Chart("waterfall", main.number, dimensions[0], ("change",), _series(dimensions)),
        followups=_followups(main, along or members, dimensions, metric, language),
        shown=_shown(main, dimensions) if len(dimensions) == 1 else None,
    )


def _dimensions(main: Told) -> tuple[str, ...]:
    names = [column.name for column in main.result.columns]
    return tuple(names[1 : names.index("previous")])


def _shown(main: Told, dimensions: Sequence[str]) -> Shown | None:
    """The members listed; neither the total nor the others are one."""
    labels = [
        text_of(main, at, dimensions[0])
        for at, row in enumerate(main.result.rows)
        if row[0] == "member" and text_of(main, at, dimensions[0])
    ]
    return Shown(dimensions[0], tuple(labels)) if labels else None


def _series(dimensions: Sequence[str]) -> str | None:
    return dimensions[1] if len(dimensions) > 1 else None


def _number(main: Told, row: int, column: str) -> float:
    value: Scalar = main.result.rows[row][main.result.column_index(column)]
    return float(value) if isinstance(value, (int, float)) else 0.0


def _headline(main: Told, total: int, metric: str, language: Language) -> str:
    n, name = main.number, metric_label(metric, language)
    changed = f"{metric}__change"
    by, size = cell(n, total, changed, "direction"), cell(n, total, changed, "size")
    before, now = cell(n, total, "previous"), cell(n, total, "current")
    first, last = cell(n, total, "first_day"), cell(n, total, "last_day")
    base_first, base_last = cell(n, total, "base_first_day"), cell(n, total, "base_last_day")
    spec = spec_of(main.result)
    filtered = spec is not None and bool(where_words(spec, language))
    if language is Language.ZH:
        place = whole(n, "where") if filtered else ""
        return (
            f"{place}{name}{by} {size}：由 {before} 变为 {now}"
            f"（{first} 至 {last}，对比 {base_first} 至 {base_last}）。{mark(main)}"
        )
    place = f" for {whole(n, 'where')}" if filtered else ""
    return (
        f"{name[0].upper()}{name[1:]}{place}: {by} by {size}, from {before} to {now} "
        f"({first} to {last}, against {base_first} to {base_last}).{mark(main)}"
    )


def _member(main: Told, row: int) -> str:
    """The slots that name the row's members."""
    names = [
        cell(main.number, row, dimension)
        for dimension in _dimensions(main)
        if text_of(main, row, dimension) not in ("", WHOLE)
    ]
    return " × ".join(names)


def _named(main: Told, rows: Sequence[int], metric: str, language: Language) -> str:
    """Members with what each adds; those without a name are called so."""
    zh = language is Language.ZH
    parts = []
    for row in rows:
        name = _member(main, row) or ("（未归属）" if zh else "(no member)")
        parts.append(f"{name} {cell(main.number, row, f'{metric}__change')}")
    return ("、" if zh else ", ").join(parts)


def _causes(
    main: Told, along: Sequence[int], against: Sequence[int], metric: str, language: Language
) -> list[str]:
    zh = language is Language.ZH
    lines = []
    if along:
        names = _named(main, along, metric, language)
        lines.append((f"主要来自：{names}。" if zh else f"Mainly from: {names}.") + mark(main))
    if against:
        names = _named(main, against, metric, language)
        lines.append((f"方向相反：{names}。" if zh else f"The other way: {names}.") + mark(main))
    return lines


def _effects(main: Told, total: int, language: Language) -> list[str]:
    """What of the whole change is price, volume, rate and mix."""
    zh = language is Language.ZH
    found = [c for c in main.result.columns if c.name.endswith("_effect")]
    known = [c for c in found if text_of(main, total, c.name)]
    if not known:
        return []
    parts = [f"{c.label(language).lower()} {cell(main.number, total, c.name)}" for c in known]
    text = "、".join(parts) if zh else ", ".join(parts)
    return [(f"其中{text}。" if zh else f"Of this: {text}.") + mark(main)]


def _surprises(main: Told, members: Sequence[int], language: Language) -> list[str]:
    """Of the members that surprise, the one whose figure lies farthest from the expected."""
    strange = [i for i in members if abs(_number(main, i, "surprise")) >= SURPRISING]
    if not strange:
        return []
    row = max(
        strange, key=lambda i: abs(_number(main, i, "current") - _number(main, i, "expected"))
    )
    name, n = _member(main, row), main.number
    now, expected = cell(n, row, "current"), cell(n, row, "expected")
    if language is Language.ZH:
        return [f"最出乎意料：{name}，按历史占比预期 {expected}，实际 {now}。{mark(main)}"]
    return [f"Most surprising: {name}; its past let expect {expected}, it was {now}.{mark(main)}"]


def _reading(dimensions: Sequence[str], metric: str, language: Language) -> str:
    zh = language is Language.ZH
    names = ("、" if zh else ", ").join(key_label(name, language) for name in dimensions)
    name = metric_label(metric, language)
    return f"{name}变化的原因，按{names}分解" if zh else f"Why {name} changed, by {names}"


def _followups(
    main: Told, rows: Sequence[int], dimensions: Sequence[str], metric: str, language: Language
) -> tuple[str, ...]:
    """Drill into the largest cause, and ask the same by partner."""
    zh = language is Language.ZH
    spec = spec_of(main.result)
    place = where_words(spec, language) if spec is not None else ""
    name = metric_label(metric, language)
    asked = []
    if rows and (label := text_of(main, rows[0], dimensions[0])):
        asked.append(
            f"{place}{label}的{name}为什么变化？"
            if zh
            else f"Why did {name} for {' '.join(filter(None, (place, label)))} change?"
        )
    if "partner" not in dimensions:
        of_place = f" for {place}" if place else ""
        asked.append(
            f"{place}各伙伴对{name}变化的贡献"
            if zh
            else f"Which partners contributed to the change of {name}{of_place}?"
        )
    return tuple(asked)
