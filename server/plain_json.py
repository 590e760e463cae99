"""JSON out: what Python holds becomes what JSON can hold, and nothing ever becomes NaN."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import asdict, is_dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any

_LINE_ENDS = {"\x85": "\\u0085", "\u2028": "\\u2028", "\u2029": "\\u2029"}


def plain(value: Any) -> Any:
    """`value` as JSON data: decimals exactly as text, days and instants as ISO text, NaN as null.

    Tuples become lists, sets sorted lists, keys text. Of anything else only the name of its type
    is told: what prints itself may print too much.
    """
    if value is None or isinstance(value, bool | int) or type(value) is str:
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Enum):
        return plain(value.value)
    if isinstance(value, str | Decimal):
        return str(value)
    if isinstance(value, datetime):
        return instant(value)
    if isinstance(value, date):
        return value.isoformat()
    return _gathered(value)


def _gathered(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(plain(key)): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, AbstractSet):
        return sorted((plain(item) for item in value), key=str)
    if is_dataclass(value) and not isinstance(value, type):
        return plain(asdict(value))
    return type(value).__name__


def instant(value: datetime) -> str:
    """An instant in UTC as ISO text that ends in Z (a `+` would not survive in a query string)."""
    aware = value if value.tzinfo is not None else value.replace(tzinfo=UTC)
    return aware.astimezone(UTC).replace(tzinfo=None).isoformat() + "Z"


def json_text(data: Any) -> str:
    """JSON text in one line, whoever counts lines.

    Half a surrogate pair, which UTF-8 cannot say, is escaped.

    Raises:
        ValueError: a NaN that did not go through `plain`.
    """
    text = json.dumps(data, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    for char, escaped in _LINE_ENDS.items():  # some readers of streams would end a line there
        text = text.replace(char, escaped)
    try:
        text.encode()
    except UnicodeEncodeError:
        return json.dumps(data, allow_nan=False, separators=(",", ":"))
    return text
