"""Periods are half-open."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadline.types import Period

DAYS = st.dates(date(1990, 1, 1), date(2060, 12, 31))


class TestPeriod:
    def test_holds_its_start_but_not_its_end(self) -> None:
        march = Period(date(2026, 3, 1), date(2026, 4, 1))
        assert (march.days, march.last) == (31, date(2026, 3, 31))
        assert date(2026, 3, 1) in march
        assert date(2026, 4, 1) not in march
        assert str(march) == "2026-03-01 … 2026-03-31"

    def test_may_be_empty_but_not_backwards(self) -> None:
        day = date(2026, 3, 1)
        assert Period(day, day).days == 0
        with pytest.raises(ValueError, match="ends 2026-02-28 before it starts 2026-03-01"):
            Period(day, day - timedelta(days=1))

    @given(DAYS, st.integers(0, 800), DAYS)
    def test_clipping_keeps_the_days_before(self, start: date, length: int, end: date) -> None:
        period = Period(start, start + timedelta(days=length))
        clipped = period.clipped(end)
        kept = [d for n in range(length) if (d := start + timedelta(days=n)) < end]
        assert clipped.days == len(kept)
        assert clipped.start == start
