"""What a model may ask back or refuse with: words of its own, but no figures and no slots.

Its message and options are shown without evidence, so nothing in them may look like a result. A
message that does is replaced by a plain one; an option that does is left out.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from agents.llm.turn import LlmTurn
from agents.llm.veil import PLACEHOLDER, Veil
from agents.plan import ClarifyPlan, RefusePlan
from agents.rules import asking
from agents.rules.draft import Draft, Note
from agents.rules.text import fold
from agents.rules.timex import time_at
from agents.verify import direction_in, figure_in
from leadline.errors import SpecError
from leadline.evidence import Option

MAX_OPTIONS: Final = 6
LONGEST_OPTION: Final = 120
LONGEST_MESSAGE: Final = 300

_UNCLEAR: Final = Note(
    "这个问题可以有几种理解，请说得更具体一些", "Please say more precisely what you mean"
)
_CANNOT: Final = Note("现有数据无法回答这个问题", "The data at hand cannot answer this")
_MARKUP: Final = re.compile(r"\{\{|\}\}|\[\d+\]|https?://|[<>`]|www\.")
_COUNTING: Final = re.compile(
    r"(?:top|bottom|last|first|前|后|近|最近|过去)\s*(?:\d{1,3}|[一二三四五六七八九十两]{1,3})"
    r"|[一两](?:个(?![亿万百千])|[家种类项款份下些])|\b(?:one|two)\b"
)
"""Numbers that are no results: how many to list, which one is meant. "Two million" is one still."""


def asked_back(said: Mapping[str, Any], veil: Veil, turn: LlmTurn) -> ClarifyPlan:
    """A question back.

    Raises:
        SpecError: there is no message.
    """
    options = _options(said.get("options"), veil, turn)
    return ClarifyPlan(_message(said, veil, turn, _UNCLEAR), options or _examples(turn))


def refused(said: Mapping[str, Any], veil: Veil, turn: LlmTurn) -> RefusePlan:
    """A refusal with the nearest questions.

    Raises:
        SpecError: there is no message.
    """
    options = _options(said.get("nearest"), veil, turn)
    return RefusePlan(_message(said, veil, turn, _CANNOT), options or _examples(turn))


def _examples(turn: LlmTurn) -> tuple[Option, ...]:
    return asking.examples(Draft(), turn.ctx, turn.language)


def _message(said: Mapping[str, Any], veil: Veil, turn: LlmTurn, plain: Note) -> Note:
    text = said.get("message")
    if not isinstance(text, str) or not text.strip():
        raise SpecError("argument message: a sentence for the person is missing")
    shown = _cleaned(text, LONGEST_MESSAGE, veil, turn)
    moved = direction_in(text)
    if shown is None or (moved is not None and direction_in(turn.question) is None):
        return plain
    return Note(shown, shown)


def _options(said: object, veil: Veil, turn: LlmTurn) -> tuple[Option, ...]:
    listed = said if isinstance(said, list | tuple) else []
    texts = [
        shown
        for item in listed
        if isinstance(item, str) and (shown := _cleaned(item, LONGEST_OPTION, veil, turn))
    ]
    return tuple(Option(text, text) for text in dict.fromkeys(texts))[:MAX_OPTIONS]


def _cleaned(text: str, longest: int, veil: Veil, turn: LlmTurn) -> str | None:
    """One line that can be shown, or None where it holds what only evidence may say."""
    line = " ".join(text.split())
    if not line or len(line) > longest or _MARKUP.search(line):
        return None
    rest = _without_names(line, veil)
    rest = _without_periods(fold(rest), turn)
    for token in re.findall(r"\d+", fold(turn.question)):
        rest = re.sub(rf"(?<!\d){token}(?!\d)", " ", rest)
    rest = _COUNTING.sub(" ", rest)
    return None if figure_in(rest) else veil.revealed(line)


def _without_names(text: str, veil: Veil) -> str:
    """The text without placeholders, whose numbers are no figures."""
    return PLACEHOLDER.sub(lambda m: " " if veil.named(m[0]) else m[0], text)


def _without_periods(text: str, turn: LlmTurn) -> str:
    """The text without the periods that it names (2013, Q1, 近30天)."""
    parts, at = [], 0
    while at < len(text):
        found = time_at(text, at, turn.ctx.calendar)
        inside = at > 0 and text[at].isdecimal() and text[at - 1].isdecimal()
        if found is not None and found[1] > at and not inside:
            parts.append(" ")
            at = found[1]
        else:
            parts.append(text[at])
            at += 1
    return "".join(parts)
