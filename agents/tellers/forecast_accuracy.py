"""Was the forecast right: what was said, what came, whether it lay inside the interval."""

from __future__ import annotations

from collections.abc import Sequence

from agents.narrate import Told
from agents.slots import cell
from agents.tellers.telling import MAX_LINES, Telling, listed, mark, text_of
from agents.wording import key_label, metric_label
from leadline.evidence import Chart
from leadline.types import Language


def tell_forecast_accuracy(told: Sequence[Told], language: Language) -> Telling:
    """The words for a result of the accuracy tool."""
    main, zh = told[0], language is Language.ZH
    named = main.result.arguments.get("by", ())
    by = tuple(str(key) for key in named) if isinstance(named, list | tuple) else ()
    rows = range(len(main.result.rows))
    total = [r for r in rows if text_of(main, r, "kind") == "total"]
    members = [r for r in rows if text_of(main, r, "kind") == "member"]
    lines = [_headline(main, (total or members)[0], language)]
    if total:
        lines += [_line(main, row, by, zh) for row in members[:MAX_LINES]]
        if len(members) > MAX_LINES or main.result.truncated:
            lines.append("其余见引用。" if zh else "The rest stands in the citation.")
        lines.append(_inside(main, total[0], by, language))
    lines.append(_origin(main, (total or members)[0], zh))
    name = metric_label(str(main.result.arguments.get("metric", "amount")), language)
    return Telling(
        "\n".join(lines),
        reading=f"{name}预测与实际的比较" if zh else f"Forecast of {name} against what came",
        chart=Chart("grouped_bar", main.number, by[0], ("forecast", "actual")) if total else None,
        followups=("下季度各区域预测",) if zh else ("Forecast by region next quarter",),
        shown=listed(main, by[0]) if len(by) == 1 else None,
    )


def _verdict(main: Told, row: int, zh: bool) -> str:
    """Which interval held the actual."""
    n = main.number
    narrow, wide = cell(n, row, "narrow"), cell(n, row, "wide")
    if text_of(main, row, "inside80") == "1":
        return f"落在 {narrow} 区间内" if zh else f"inside the {narrow} interval"
    if text_of(main, row, "inside95") == "1":
        return f"落在 {wide} 区间内" if zh else f"inside the {wide} interval only"
    return f"落在 {wide} 区间之外" if zh else f"outside the {wide} interval"


def _error(main: Told, row: int, zh: bool) -> str:
    if not text_of(main, row, "error_rate"):
        return ""
    size = cell(main.number, row, "error_rate", "size")
    high = float(text_of(main, row, "error_rate")) >= 0
    if zh:
        return f"，预测{'偏高' if high else '偏低'} {size}"
    return f", {size} too {'high' if high else 'low'}"


def _headline(main: Told, row: int, language: Language) -> str:
    zh, n = language is Language.ZH, main.number
    name = metric_label(str(main.result.arguments.get("metric", "amount")), language)
    period, said, came = (cell(n, row, c) for c in ("period", "forecast", "actual"))
    error, verdict = _error(main, row, zh), _verdict(main, row, zh)
    if zh:
        return f"{period} {name}预测 {said}，实际 {came}{error}，{verdict}{mark(main)}。"
    return (
        f"{name[0].upper()}{name[1:]}, {period}: forecast {said}, actual {came}{error}; "
        f"{verdict}{mark(main)}."
    )


def _line(main: Told, row: int, by: Sequence[str], zh: bool) -> str:
    n = main.number
    nobody = "（未归属）" if zh else "(no member)"
    names = " × ".join(cell(n, row, key) if text_of(main, row, key) else nobody for key in by)
    said, came = cell(n, row, "forecast"), cell(n, row, "actual")
    error, verdict = _error(main, row, zh), _verdict(main, row, zh)
    if zh:
        return f"- {names}：预测 {said}，实际 {came}{error}，{verdict}"
    return f"- {names}: forecast {said}, actual {came}{error}, {verdict}"


def _inside(main: Told, row: int, by: Sequence[str], language: Language) -> str:
    n = main.number
    inside, members = cell(n, row, "members_inside80"), cell(n, row, "members")
    narrow = cell(n, row, "narrow")
    keys = " × ".join(key_label(key, language) for key in by)
    if language is Language.ZH:
        return f"{keys}共 {members}，其中 {inside} 落在 {narrow} 区间内{mark(main)}。"
    return f"By {keys}: {inside} of {members} lay inside the {narrow} interval{mark(main)}."


def _origin(main: Told, row: int, zh: bool) -> str:
    """Whether this was really said then."""
    made_on = cell(main.number, row, "made_on")
    if text_of(main, row, "origin") == "stored":
        if zh:
            return f"这是当时存下的预测，所知数据截至 {made_on}{mark(main)}。"
        return f"This forecast was stored then; it knew the data until {made_on}{mark(main)}."
    if zh:
        return f"当时没有存下预测：这是回测，用截至 {made_on} 的数据按同样方法重做{mark(main)}。"
    return (
        f"No forecast was stored then: this is a backtest, made in the same way from the data "
        f"until {made_on}{mark(main)}."
    )
