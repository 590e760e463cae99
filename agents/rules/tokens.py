"""From folded text to typed tokens: all candidates, then the best cover that does not overlap.

A token is a span with a meaning. The cover maximises matched length (meaning-bearing words count
more than fillers), so 大区 wins over 大 + 区 and a long member name over the short word in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from agents.rules.limit_words import (
    LIMIT_AND,
    LIMIT_BETWEEN_EN,
    LIMIT_BETWEEN_TAIL,
    LIMIT_BETWEEN_ZH,
    LIMIT_OPS,
    LIMIT_POSTFIX,
    LIMIT_SIGNS,
)
from agents.rules.numbers import Number, number_at, small_count
from agents.rules.text import is_han, is_word_char
from agents.rules.time_rules import Calendar, TimeExpr
from agents.rules.timex import time_at
from agents.rules.words import WORDS, Word
from knowledge.semantic.calendar import shift_months
from knowledge.semantic.lexicon import Entry, Lexicon
from knowledge.semantic.spec import NumberOp

_FACTOR = {"stop": 0.55, "number": 0.6, "lexicon": 1.02, "time": 1.03, "threshold": 1.05}
_PER_TOKEN_COST = 0.4
_UNMATCHED_COST = 0.6
"""What a letter costs that no token covers: a cover that explains all beats a longer name."""
_ORDINALS = {
    "second": 2,
    "third": 3,
    "fourth": 4,
    "fifth": 5,
    "2nd": 2,
    "3rd": 3,
    "4th": 4,
    "5th": 5,
}
_STRONG_MEANINGS = 4
"""A spelling with more meanings than this in one dimension is a part of names, not a name."""


@dataclass(slots=True)
class Token:
    """A span of folded text with its meaning.

    `kind` is a word kind of `words.py`, or `lexicon`, `time`, `threshold`, `number`. `used` is set
    by whoever turns it into a part of the query; what stays unused at the end is not understood.
    """

    kind: str
    start: int
    end: int
    text: str
    value: str = ""
    number: int | None = None
    entries: tuple[Entry, ...] = ()
    equals: tuple[Entry, ...] = ()
    """Members of other dimensions that select the same rows (Canada the region and the country)."""
    also: tuple[Entry, ...] = ()
    """Further metrics that the word stands for ("margin": the amount and the rate)."""
    time: TimeExpr | None = None
    threshold: Threshold | None = None
    amount: Number | None = None
    used: bool = False
    note: str = ""
    """How a spelling was mended, for the reading ("resaller → reseller")."""


@dataclass(frozen=True, slots=True)
class Threshold:
    """A condition on a figure: `op` value (and `upper` for between). Percentages are fractions."""

    op: NumberOp
    value: float
    upper: float | None
    percent: bool
    money: bool
    scaled: bool


@dataclass(slots=True)
class Cover:
    """The chosen tokens in order, and the spans of text that mean nothing to us."""

    text: str
    tokens: list[Token]
    residual: list[tuple[int, int]] = field(default_factory=list)

    def residual_texts(self) -> list[str]:
        """The words that were not understood."""
        return [self.text[a:b].strip() for a, b in self.residual if self.text[a:b].strip()]


def threshold_at(text: str, start: int) -> tuple[Threshold, int] | None:
    """A condition on a figure that begins at `start`, with where it ends."""
    if found := _between(text, start):
        return found
    for sign, pattern in LIMIT_SIGNS:
        if word := pattern.match(text, start):
            return Threshold(sign, 0.0, None, percent=False, money=False, scaled=False), word.end()
    for op, pattern in LIMIT_OPS:
        if head := pattern.match(text, start):
            number = number_at(text, head.end())
            if number and _YEAR.match(text, head.end()):
                return None  # "grew over 2011" is a period
            if number:
                return _threshold(op, number), number.end
    number = number_at(text, start)
    if number:
        for op, pattern in LIMIT_POSTFIX:
            if tail := pattern.match(text, number.end):
                return _threshold(op, number), tail.end()
    return None


_YEAR = re.compile(
    r"20(?:0[1-9]|[1-3]\d)(?![\d,.]|\s*(?:万|千|百|亿|元|k|m|单|件|units?|orders?|usd|dollars))"
)


def _threshold(op: NumberOp, number: Number) -> Threshold:
    return Threshold(op, number.value, None, number.percent, number.money, number.scaled)


_DURATION_OP = re.compile(
    r"(?:超过了?|大于|多于|至少|已经?|有"
    r"|(?:for |in )?(?:more than|over|at least|longer than|greater than)"
    r"|for|in)?\s*"
)
_DURATION_UNIT = re.compile(
    r"\s*(?:个)?(?P<unit>天|日|周|星期|月|季度|年|(?:day|week|month|quarter|year)s?(?![a-z]))(?:以上|之?内|多)?"
    r"(?:\s*(?:or more|or longer|ago))?"
)


_HALF_YEAR = re.compile(r"半年(?:以上|多)?|(?:half a|a half) year|half[- ]year")


def duration_at(text: str, start: int, cal: Calendar) -> tuple[int, int] | None:
    """A length of time in days ("超过90天", "3 months") that begins at `start`, and its end.

    Months and years are counted back on the calendar from the as-of date.
    """
    head = _DURATION_OP.match(text, start)
    if head and (half := _HALF_YEAR.match(text, head.end())):
        return (cal.as_of - shift_months(cal.as_of, -6)).days, half.end()
    number = number_at(text, head.end() if head else start)
    if number is None or number.percent or number.money or not 0 < number.value < 1000:
        return None
    unit = _DURATION_UNIT.match(text, number.end)
    if unit is None:
        return None
    count, word = int(number.value), unit["unit"].rstrip("s")
    months = {"月": 1, "month": 1, "季度": 3, "quarter": 3, "年": 12, "year": 12}.get(word)
    if months and count > 120:
        return None  # a year number ("2013年"), not a length of time
    if months:
        return (cal.as_of - shift_months(cal.as_of, -months * count)).days, unit.end()
    return count * (7 if word in ("周", "星期", "week") else 1), unit.end()


def _between(text: str, start: int) -> tuple[Threshold, int] | None:
    english = LIMIT_BETWEEN_EN.match(text, start)
    head = english or LIMIT_BETWEEN_ZH.match(text, start)
    low = number_at(text, head.end() if head else start)
    joint = LIMIT_AND.match(text, low.end) if low else None
    high = number_at(text, joint.end()) if joint else None
    if not (low and high):
        return None
    tail = LIMIT_BETWEEN_TAIL.match(text, high.end)
    if not (english or tail) or high.value <= 0:
        return None
    first = low.value
    if high.percent and not low.percent:
        first = low.value / 100  # "between 20 and 55 %"
    elif high.scaled and not low.scaled and low.value < high.value:
        # "between 1 and 2 million", 100到200万: the scale belongs to both
        ratio = _scale_of(text[joint.end() : high.end] if joint else "")
        if low.value * ratio <= high.value:
            first = low.value * ratio
    if 1900 <= low.value <= 2100 and 1900 <= high.value <= 2100 and not high.scaled:
        return None  # "between 2011 and 2012" are years
    end = tail.end() if tail else high.end
    return Threshold("between", first, high.value, high.percent, high.money, high.scaled), end


def _scale_of(text: str) -> float:
    bare = number_at(re.sub(r"[^\d.]", "", text) or "x", 0)
    full = number_at(text, 0)
    return full.value / bare.value if bare and full and bare.value else 1.0


def cover(
    text: str,
    lexicon: Lexicon,
    cal: Calendar,
    extra: list[Token] | None = None,
    words: tuple[Word, ...] = WORDS,
) -> Cover:
    """The best cover of `text`; `extra` are candidates found by other means (parts of names)."""
    candidates: dict[int, list[Token]] = {}
    for token in [*_candidates(text, lexicon, cal, words), *(extra or [])]:
        candidates.setdefault(token.start, []).append(token)
    size = len(text)
    best: list[tuple[float, Token | None]] = [(0.0, None)] * (size + 1)
    for index in range(size - 1, -1, -1):
        lost = 0.0 if text[index] == " " else _UNMATCHED_COST * (2 if is_han(text[index]) else 1)
        score, choice = best[index + 1][0] - lost, None
        for token in candidates.get(index, ()):
            value = weight(token) + best[token.end][0]
            if value > score + 1e-9:
                score, choice = value, token
        best[index] = (score, choice)
    tokens: list[Token] = []
    residual: list[tuple[int, int]] = []
    index = 0
    while index < size:
        chosen = best[index][1]
        if chosen is not None:
            tokens.append(chosen)
            index = chosen.end
            continue
        end = index + 1
        if is_word_char(text[index]):
            while end < size and is_word_char(text[end]) and best[end][1] is None:
                end += 1
        if text[index] != " ":
            if (
                residual
                and not text[residual[-1][1] : index].strip()
                and not _token_between(tokens, residual[-1][1], index)
            ):
                residual[-1] = (residual[-1][0], end)
            else:
                residual.append((index, end))
        index = end
    return Cover(text, tokens, residual)


def _token_between(tokens: list[Token], start: int, end: int) -> bool:
    return any(t.start >= start and t.end <= end for t in tokens[-2:])


def weight(token: Token) -> float:
    """What a token is worth to a cover: its length, more for meaning than for fillers."""
    # a Chinese character carries about as much as two letters
    length = sum(2 if is_han(char) else char != " " for char in token.text)
    factor = _FACTOR.get(token.kind, 1.0)
    if token.kind == "lexicon" and all(not e.exact for e in token.entries):
        factor = 0.97
    return length * factor - _PER_TOKEN_COST


_LEADS = "各按每哪个几分两三四五六七八九十的他"


def _measured(text: str, start: int, cal: Calendar) -> Iterator[Token]:
    """Periods, thresholds, lengths of time and plain numbers that begin at `start`."""
    if timed := time_at(text, start, cal):
        yield Token("time", start, timed[1], text[start : timed[1]], time=timed[0])
    if bound := threshold_at(text, start):
        yield Token("threshold", start, bound[1], text[start : bound[1]], threshold=bound[0])
    if lasting := duration_at(text, start, cal):
        yield Token("duration", start, lasting[1], text[start : lasting[1]], number=lasting[0])
    if number := number_at(text, start):
        yield Token("number", start, number.end, text[start : number.end], amount=number)


def _candidates(
    text: str, lexicon: Lexicon, cal: Calendar, words: tuple[Word, ...]
) -> Iterator[Token]:
    value_ends: set[int] = set()
    for start in range(len(text)):
        if text[start] == " ":
            continue
        inside = start > 0 and is_word_char(text[start]) and is_word_char(text[start - 1])
        if inside and text[start].isdecimal() != text[start - 1].isdecimal():
            inside = False  # top10, 2013q3: a digit beside a letter is a boundary too
        if not inside:
            yield from _measured(text, start, cal)
        for word in words:
            found = word.pattern.match(text, start)
            if found and found.end() > start:
                groups = found.groupdict()
                count = None
                if groups.get("n"):
                    count = small_count(groups["n"])
                elif groups.get("o"):
                    count = _ORDINALS[groups["o"]]
                yield Token(word.kind, start, found.end(), found[0], value=word.value, number=count)
        for end, entries in lexicon.at(text, start):
            single = end - start == 1 and is_han(text[start])
            led = start > 0 and (text[start - 1] in _LEADS or start in value_ends)
            inside_word = (start > 0 and is_han(text[start - 1])) or (
                end < len(text) and is_han(text[end])
            )
            if single and not led and inside_word:
                continue  # 市 in 上市公司 is no city
            if any(e.kind == "value" for e in entries):
                value_ends.add(end)
            yield Token("lexicon", start, end, text[start:end], entries=tuple(entries))
