"""The verifier: no figure, unit or direction word that the evidence does not hold.

It works on what the narrator wrote (a template with slots) and on what came out, whoever the
narrator was. Text outside slots may hold no digit, no numeral with a unit, no percent or currency
sign, and no direction word. Each slot is filled again from the evidence and must give the very
text that stands there. Sums, shares and comparisons that nobody computed therefore cannot appear.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from agents.slots import SLOT, Filled, look_up, render
from leadline.errors import EvidenceError
from leadline.evidence import Citation
from leadline.types import Language, Unit

_DIGIT = re.compile(r"[0-9０-９]")
_HAN_FIGURE = re.compile(
    r"[零一二两三四五六七八九十百千]+(?:万|亿|个|家|款|种|位|单|件|台|套|天|日|周|年|季|行|项|条|张|笔|次|名"
    r"|成|倍|元|％|%)|百分之[零一二三四五六七八九十百]+"
)
_EN_FIGURE = re.compile(
    r"\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\w+teen|twenty|thirty|forty|fifty|"
    r"sixty|seventy|eighty|ninety|hundred|thousand|million|billion|dozen|half|twice|double|triple|percent)\b",
    re.IGNORECASE,
)
SIGNED = frozenset({"change", "change_rate", "backtest_bias", "error_rate"})
"""Columns of tools whose sign a sentence may say by a word instead: "too high by"."""
_SIGN = re.compile(r"[%％$€£¥￥‰]")
_DIRECTION = re.compile(
    r"增长|增加|上升|上涨|提升|下降|下滑|下跌|减少|降低|持平|翻倍|"
    r"\b(?:up|down|gr[eo]w[ns]?|growth|increas\w*|r[io]se\w*|risen|gain\w*|declin\w*|decreas\w*|"
    r"f[ae]ll\w*|drop\w*|shr[iau]nk\w*|unchanged|doubled|halved)\b",
    re.IGNORECASE,
)
CITATION_MARK = re.compile(r"\[(\d+)\]")


def verify(
    template: str, text: str, citations: Sequence[Citation], language: Language
) -> tuple[Filled, ...]:
    """Check a narration.

    Returns the filled slots (for the trace).

    Raises:
        EvidenceError: says which words no evidence holds.
    """
    _check_marks(template, citations)
    found = figure_in(outside(template)) or direction_in(outside(template))
    if found is not None:
        raise EvidenceError(f"{found} stands in the text without evidence")
    for match in SLOT.finditer(template):
        _check_slot(match, citations)
    again, filled = render(template, citations, language)
    if again != text:
        raise EvidenceError("the text is not what its evidence renders to")
    return filled


def outside(template: str) -> str:
    """What a template says itself: neither slots nor citation marks."""
    return CITATION_MARK.sub("", SLOT.sub(" ", template))


def figure_in(text: str) -> str | None:
    """The first digit, number word or unit sign of a text, described; None where there is none."""
    for pattern, what in (
        (_DIGIT, "digit"),
        (_HAN_FIGURE, "number"),
        (_EN_FIGURE, "number word"),
        (_SIGN, "unit sign"),
    ):
        if found := pattern.search(text):
            return f"{what} {found[0]!r}"
    return None


def direction_in(text: str) -> str | None:
    """The first direction word of a text, described; None where there is none."""
    found = _DIRECTION.search(text)
    return f"direction word {found[0]!r}" if found else None


def _check_marks(template: str, citations: Sequence[Citation]) -> None:
    numbers = {c.number for c in citations}
    used = {int(m[1]) for m in CITATION_MARK.finditer(SLOT.sub(" ", template))}
    if unknown := sorted(used - numbers):
        raise EvidenceError(f"the text cites {unknown}, which do not exist")
    slots = {int(m["citation"]) for m in SLOT.finditer(template)}
    if uncited := sorted(slots - used):
        raise EvidenceError(f"figures of {uncited} stand in the text without a citation mark")


def _check_slot(match: re.Match[str], citations: Sequence[Citation]) -> None:
    _, column, _ = look_up(match, citations)
    form = match["format"]
    if column is None:
        if form:
            raise EvidenceError(f"slot {match[0]} takes no format")
        return
    signed = (
        column.name.endswith(("__change", "__change_rate"))
        or column.name.startswith("difference")
        or column.name in SIGNED
    )
    if form and not signed:
        raise EvidenceError(f"slot {match[0]} strips the sign of a figure that is no change")
    if form == "size" and column.unit in (Unit.TEXT, Unit.DATE):
        raise EvidenceError(f"slot {match[0]} has no size")
