"""What to do about words that nothing matched: parts of names, misspellings, pinyin.

A mended word is always said in the reading; a tie between two mendings is a question back.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache

from agents.rules.text import is_han, is_word_char
from agents.rules.tokens import Cover, Token
from knowledge.semantic.lexicon import Entry, Lexicon

MIN_FUZZY_LETTERS = 4
MIN_FUZZY_HAN = 3
MOST_NAMES = 8
"""A single word that stands in more names than this is no name."""
FUZZY_SCORE = 84.0
"""rapidfuzz ratio from which a misspelling is taken for the word (resaller/reseller is 87.5)."""
NEAR_SCORE_HAN = 70.0
"""The same for Chinese names, where one wrong character of four is a ratio of 75."""
NEAR_SCORE = 76.0
"""Ratio from which a name is near enough to be offered."""
CLEAR_LEAD = 3.0
"""By how much the best candidate must beat the next one of another meaning."""

_FUNCTION_WORDS = [
    "monthly",
    "quarterly",
    "yearly",
    "quarter",
    "month",
    "year",
    "compare",
    "compared",
    "growth",
    "share",
    "between",
    "excluding",
    "total",
    "average",
    "highest",
    "lowest",
    "decline",
    "increase",
    "january",
    "february",
    "march",
    "april",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
    "previous",
    "versus",
    "percentage",
    "ranking",
    "dormant",
    "without",
]


@dataclass(slots=True)
class Mending:
    """The result: a corrected text, tokens for parts of names, and what was changed."""

    text: str
    extra: list[Token] = field(default_factory=list)
    notes: list[tuple[str, str]] = field(default_factory=list)
    suggestions: list[Entry] = field(default_factory=list)
    """Near names for what could not be mended."""


def mend(cover: Cover, lexicon: Lexicon) -> Mending:
    """Try to give every residual word a meaning."""
    result = Mending(cover.text)
    for start, end in cover.residual:
        phrase = cover.text[start:end].strip()
        if len(phrase) < 2:
            continue
        token = _part_of_name(cover.text, start, end, lexicon)
        if token is not None:
            result.extra.append(token)
            continue
        beginnings = _beginnings(phrase, lexicon)
        if beginnings:  # one word of a longer name: offered, never assumed
            result.suggestions.extend(beginnings)
            continue
        fixed = _misspelt(phrase, lexicon) or _pinyin(phrase, lexicon)
        if fixed is not None:
            result.text = result.text.replace(phrase, fixed, 1)
            result.notes.append((phrase, fixed))
        else:
            result.suggestions.extend(_near(phrase, lexicon))
    return result


def _part_of_name(text: str, start: int, end: int, lexicon: Lexicon) -> Token | None:
    """The longest phrase around the residual that is part of some member's label."""
    spans = _expansions(text, start, end)
    for left, right in sorted(spans, key=lambda s: s[0] - s[1]):
        phrase = text[left:right].strip()
        entries = lexicon.containing(phrase) if len(phrase) >= 2 else []
        if entries and not phrase.isascii():
            return Token(
                "lexicon", left, right, text[left:right], entries=tuple(entries), note=phrase
            )
    return None


def _beginnings(phrase: str, lexicon: Lexicon) -> list[Entry]:
    if not phrase.isascii() or len(phrase) < MIN_FUZZY_LETTERS:
        return []
    found = [
        e
        for e in lexicon.containing(phrase)
        if " " in phrase or (e.label or "").casefold().startswith(phrase + " ")
    ]
    return found if len(found) <= MOST_NAMES else []


def _expansions(text: str, start: int, end: int) -> list[tuple[int, int]]:
    if is_han(text[start]):
        return [
            (a, b)
            for a in range(max(0, start - 4), start + 1)
            for b in range(end, min(len(text), end + 6) + 1)
        ]
    words = _words(text)
    inside = [i for i, (a, b) in enumerate(words) if a < end and b > start]
    if not inside:
        return [(start, end)]
    first, last = inside[0], inside[-1]
    return [
        (words[a][0], words[b][1])
        for a in range(max(0, first - 3), first + 1)
        for b in range(last, min(len(words), last + 4))
    ]


def _words(text: str) -> list[tuple[int, int]]:
    spans: list[tuple[int, int]] = []
    index = 0
    while index < len(text):
        if not is_word_char(text[index]):
            index += 1
            continue
        end = index
        while end < len(text) and (is_word_char(text[end]) or text[end] in "-'&."):
            end += 1
        spans.append((index, end))
        index = end
    return spans


def _long_enough(phrase: str) -> bool:
    if is_han(phrase[0]):
        return len(phrase) >= MIN_FUZZY_HAN
    return len(phrase) >= MIN_FUZZY_LETTERS and phrase.isascii()


def _misspelt(phrase: str, lexicon: Lexicon) -> str | None:
    """The known word that `phrase` misspells, where exactly one meaning is clearly nearest."""
    if not _long_enough(phrase):
        return None
    from rapidfuzz import fuzz, process

    size = len(phrase)
    pool = [s for s in lexicon.entries if abs(len(s) - size) <= max(2, size // 4)]
    pool.extend(w for w in _FUNCTION_WORDS if abs(len(w) - size) <= 2)
    pool = [w for w in pool if w[0] == phrase[0]]  # people rarely miss the first letter
    found = process.extract(phrase, pool, scorer=fuzz.ratio, score_cutoff=FUZZY_SCORE, limit=6)
    if not found:
        return None
    best, score, _ = found[0]
    meaning = _meaning(best, lexicon)
    for other, other_score, _ in found[1:]:
        if score - other_score < CLEAR_LEAD and _meaning(other, lexicon) != meaning:
            return None
    return best


def _meaning(surface: str, lexicon: Lexicon) -> frozenset[tuple[str, str, str | None]]:
    return frozenset((e.kind, e.name, e.label) for e in lexicon.entries.get(surface, ()))


def _near(phrase: str, lexicon: Lexicon) -> list[Entry]:
    """Names that resemble `phrase`, for "did you mean"."""
    if not _long_enough(phrase):
        return []
    from rapidfuzz import fuzz, process

    pool = [s for s, entries in lexicon.entries.items() if len(s) >= 3]
    cutoff = NEAR_SCORE_HAN if is_han(phrase[0]) else NEAR_SCORE
    found = process.extract(phrase, pool, scorer=fuzz.ratio, score_cutoff=cutoff, limit=5)
    return [lexicon.entries[surface][0] for surface, _, _ in found]


def _pinyin(phrase: str, lexicon: Lexicon) -> str | None:
    """The Chinese name that `phrase` spells in pinyin: in full, or by its initials."""
    if not phrase.isascii() or not phrase.isalpha() or len(phrase) < 2:
        return None
    hits = {surface for spelling, surface in _spellings(lexicon) if spelling == phrase}
    meanings = {_meaning(s, lexicon) for s in hits}
    return min(hits, key=len) if len(meanings) == 1 else None


def _spellings(lexicon: Lexicon) -> tuple[tuple[str, str], ...]:
    return _spell(
        tuple(
            surface
            for surface, entries in lexicon.entries.items()
            if is_han(surface[0]) and len(surface) <= 8 and _spelt(entries)
        )
    )


_SPELT = ("region", "territory", "city", "partner", "product_line", "product_category")


def _spelt(entries: list[Entry]) -> bool:
    """People type places, partners and product lines in pinyin; end customers they do not."""
    return any(e.kind == "value" and e.name in _SPELT for e in entries)


@cache
def _spell(surfaces: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    from pypinyin import lazy_pinyin

    pairs: list[tuple[str, str]] = []
    for surface in surfaces:
        syllables = lazy_pinyin(surface)
        full = "".join(syllables)
        if len(full) >= 4:
            pairs.append((full, surface))
        if len(syllables) >= 2:
            pairs.append(("".join(s[0] for s in syllables), surface))
    return tuple(pairs)
