"""Folding a question so that spelling habits do not matter: width, case, script, quotes."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from leadline.types import Language

_HAN = re.compile(r"[一-鿿]")
_GAP = re.compile(r"(?<=[一-鿿]) (?=[一-鿿0-9])|(?<=[0-9]) (?=[一-鿿])")
"""Spaces beside Chinese characters separate nothing."""
_FOLDED = str.maketrans(
    {
        "“": '"', "”": '"', "‘": "'", "’": "'", "—": "-", "–": "-", "−": "-",
        "～": "~", "〜": "~", "、": "、", "·": " ", "¥": "¥", "￥": "¥",
    }
)  # fmt: skip


def fold(text: str) -> str:
    """NFKC, lower case, Traditional → Simplified characters, plain quotes and dashes."""
    folded = unicodedata.normalize("NFKC", text).translate(_FOLDED).casefold()
    if _HAN.search(folded):
        folded = "".join(_simplified(char) for char in folded)
    folded = re.sub(r"\s+", " ", folded).strip()
    return _GAP.sub("", folded)


def language_of(text: str) -> Language:
    """The language to answer in: Chinese as soon as the question holds Chinese words."""
    return Language.ZH if _HAN.search(text) else Language.EN


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
