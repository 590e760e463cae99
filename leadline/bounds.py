"""How much of a value a span may hold: enough to see what happened, never a whole table."""

from __future__ import annotations

import math
import string
from collections.abc import Mapping, Sequence

MAX_TEXT = 4_000
"""Characters of one text."""
MAX_ITEMS = 60
"""Entries of one list: more tokens than a question of the greatest length has in practice."""
MAX_ROWS = 20
"""Rows of one tool result; the citation holds them all."""
MAX_DEPTH = 12
_OF_A_WORD = string.ascii_letters + string.digits + "@._+/=%-"
_OF_A_NUMBER = string.digits + " -+()"


def short_text(text: str, limit: int = MAX_TEXT) -> str:
    """The text, or its beginning with a note of how long it was.

    The word or number at the cut goes too: half a key or telephone number would be found by no
    masking any more. What no database keeps (a NUL, half of a surrogate pair) is written out.
    """
    if not text.isascii():
        text = text.encode("utf-8", "backslashreplace").decode()
    text = text.replace("\x00", "\\x00")
    if len(text) <= limit:
        return text
    note = f"… [truncated, {len(text)} characters]"
    return text[: max(0, limit - len(note))].rstrip(_OF_A_WORD).rstrip(_OF_A_NUMBER) + note


def bounded(value: object, depth: int = 0) -> object:
    """A copy as JSON data, with long texts and lists cut and marked.

    What JSON does not know (dates, decimals, NaN) becomes its text.
    """
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    if isinstance(value, str):
        return short_text(str(value))
    if depth >= MAX_DEPTH:
        return short_text(str(value), 200)
    if isinstance(value, Mapping):
        items = list(value.items())
        kept = {
            short_text(str(key), 200): bounded(item, depth + 1) for key, item in items[:MAX_ITEMS]
        }
        return {**kept, "…": f"{len(items) - MAX_ITEMS} more"} if len(items) > MAX_ITEMS else kept
    if isinstance(value, Sequence | set | frozenset) and not isinstance(value, bytes | bytearray):
        listed = sorted(value, key=str) if isinstance(value, set | frozenset) else list(value)
        cut = [bounded(item, depth + 1) for item in listed[:MAX_ITEMS]]
        return [*cut, f"… {len(listed) - MAX_ITEMS} more"] if len(listed) > MAX_ITEMS else cut
    return short_text(str(value))
