"""The wall clock, for stamps only.

Analytics never read it: "today" in a question is the data's as-of date, which a snapshot carries.
"""

from __future__ import annotations

from datetime import UTC, datetime


def now_utc() -> datetime:
    """The current instant, timezone-aware, in UTC."""
    return datetime.now(UTC)
