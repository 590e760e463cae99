"""Rows such as 合计 or Total: sums that stand among the rows and must not be counted again."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from tools.erp.arrow import kernels
from tools.erp.columns import to_text
from tools.erp.sheets import Frame

if TYPE_CHECKING:
    from tools.erp.arrow import ArrowArray, RawColumn

TOTAL_WORDS = (
    "合计",
    "小计",
    "总计",
    "共计",
    "汇总",
    "本页合计",
    "本页小计",
    "Total",
    "Totals",
    "Subtotal",
    "Sub-total",
    "Grand total",
)
_ENDINGS = ("合计", "小计", "总计", "Total", "Subtotal")
"""Words that also tell a total at the end of the first cell: 华东小计, East Total. 汇总 does not:
it ends the names of products."""


class _Patterns(NamedTuple):
    whole: str
    ending: str


def totals_mask(frame: Frame, words: Sequence[str], key_columns: Sequence[int]) -> ArrowArray:
    """Which rows are totals, as a boolean array.

    True where the first filled cell is one of `words` or ends with one that is a usual ending
    (华东小计), or where the key is one of `words`; also where another cell is one of `words` and no
    cell of `key_columns` is filled: a partner may be called Total, but then it has a code.
    """
    import pyarrow as pa

    pc = kernels()
    patterns = _patterns(tuple(words))
    nowhere = pa.repeat(pa.scalar(False), len(frame))
    present = {i: c for i, c in enumerate(frame.columns) if c is not None}
    texts = {i: to_text(column) for i, column in present.items() if _may_hold_text(column)}
    if not texts:
        return nowhere
    mask = elsewhere = nowhere
    for index, text in texts.items():
        hit = pc.fill_null(pc.match_substring_regex(text, patterns.whole), False)
        if index in key_columns:
            mask = pc.or_(mask, hit)
        else:
            elsewhere = pc.or_(elsewhere, hit)
    first = pc.coalesce(*[texts[i] if i in texts else to_text(c) for i, c in present.items()])
    for pattern in patterns:
        mask = pc.or_(mask, pc.fill_null(pc.match_substring_regex(first, pattern), False))
    if pc.any(elsewhere).as_py():
        for index in key_columns:
            if index in present:
                elsewhere = pc.and_(elsewhere, pc.is_null(to_text(present[index])))
        mask = pc.or_(mask, elsewhere)
    found: ArrowArray = mask
    return found


def _may_hold_text(column: RawColumn) -> bool:
    import pyarrow as pa

    return isinstance(column, list) or pa.types.is_string(column.type)


@lru_cache(maxsize=32)
def _patterns(words: tuple[str, ...]) -> _Patterns:
    """Regular expressions (RE2) for the words, blind to case, inner blanks and a colon."""
    end = r"[\s\x{3000}]*[:\x{FF1A}]?$"
    whole = "|".join(_spaced(word) for word in words)
    endings = "|".join(
        (r"\s" if word.isascii() else "") + _spaced(word) for word in _ENDINGS if word in words
    )
    return _Patterns(rf"(?i)^(?:{whole}){end}", rf"(?i)(?:{endings or '^' + whole}){end}")


def _spaced(word: str) -> str:
    return r"[\s\x{3000}]*".join(re.escape(letter) for letter in word if letter != " ")
