"""Folding a question so that spelling habits do not matter: width, case, script, quotes."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from leadline.types import Language

_HAN = re.compile(r"[一-鿿]")
_GAP = re.compile(r"(?<=[一-鿿]) (?=[一-鿿0-9])|(?<=[0-9]) (?=[一-鿿])")
"""Spaces beside Chinese characters separate nothing."""
_US = re.compile(r"(?<![A-Za-z.])US(?![A-Za-z.])")
_AND = re.compile(r"\s*&\s*")
_FOLDED = str.maketrans(
    {
        "“": '"', "”": '"', "‘": "'", "’": "'", "—": "-", "–": "-", "−": "-",
        "～": "~", "〜": "~", "、": "、", "·": " ", "¥": "¥", "￥": "¥",
    }
)  # fmt: skip


def fold(text: str) -> str:
    """NFKC, lower case, Traditional → Simplified characters, plain quotes and dashes."""
    text = unicodedata.normalize("NFKC", text)
    if not text.isupper():
        text = _US.sub("U.S.", text)  # the country; in small letters it is a pronoun
    folded = _AND.sub(" and ", text.translate(_FOLDED).casefold())
    if _HAN.search(folded):
        folded = "".join(_simplified(char) for char in folded)
    folded = re.sub(r"\s+", " ", folded).strip()
    return _GAP.sub("", folded)


def language_of(text: str) -> Language:
    """The language to answer in: Chinese as soon as the question holds Chinese words."""
    return Language.ZH if _HAN.search(text) else Language.EN


def spoken_language(question: str, members: set[str]) -> Language:
    """As `language_of`, but Chinese names in an English sentence do not make it Chinese.

    Args:
        question: as typed.
        members: folded spellings of the members that it names.
    """
    rest = fold(question)
    for name in sorted(members, key=len, reverse=True):
        rest = rest.replace(name, " ")
    if not _HAN.search(rest) and len(re.findall(r"[a-z]{2,}", rest)) >= 2:
        return Language.EN
    return language_of(question)


def is_han(char: str) -> bool:
    """Whether the character is a CJK ideograph."""
    return bool(_HAN.match(char))


def is_word_char(char: str) -> bool:
    """Whether the character belongs to a Latin word or number (so a boundary matters)."""
    return char.isalnum() and not is_han(char)


@cache
def _traditional_table() -> dict[str, str]:
    """Single-character Traditional → Simplified table.

    Character by character, so that offsets stay; phrase rules would change lengths.
    """
    from pathlib import Path

    import opencc

    folder = Path(opencc.__file__).parent / "dictionary"
    table: dict[str, str] = {}
    for line in (folder / "TSCharacters.txt").read_text(encoding="utf-8").splitlines():
        source, _, targets = line.partition("\t")
        if len(source) == 1 and targets:
            table[source] = targets.split(" ")[0]
    return table


def _simplified(char: str) -> str:
    if not is_han(char):
        return char
    return _traditional_table().get(char, char)
