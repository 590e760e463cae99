"""What periods a horizon names, seen from a day."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadline.errors import SpecError
from tools.analytics.forecast.horizon import ahead, first_open, later, name_of

END = date(2026, 10, 31)
MIDDLE = date(2026, 10, 20)


class TestNamed:
    @pytest.mark.parametrize(
        ("horizon", "today", "label", "steps"),
        [
            # On a month's last day the month is whole: step 1 is November.
            ("next_month", END, "2026-11", (1,)),
            ("next_month", MIDDLE, "2026-11", (2,)),
            ("next_quarter", END, "2027-Q1", (3, 4, 5)),
            ("next_quarter", MIDDLE, "2027-Q1", (4, 5, 6)),
            ("next_3_months", MIDDLE, "2026-11 … 2027-01", (2, 3, 4)),
            ("to_year_end", END, "2026-11 … 2026-12", (1, 2)),
            ("to_year_end", MIDDLE, "2026-10 … 2026-12", (1, 2, 3)),
            ("to_year_end", date(2026, 12, 30), "2026-12", (1,)),
            ("months:2", END, "2026-11 … 2026-12", (1, 2)),
            # 2026-10-20 is a Tuesday of week 43, 2026-10-25 its Sunday.
            ("weeks:1", MIDDLE, "2026-W44", (2,)),
            ("weeks:1", date(2026, 10, 25), "2026-W44", (1,)),
        ],
    )
    def test_periods_and_steps(
        self, horizon: str, today: date, label: str, steps: tuple[int, ...]
    ) -> None:
        made = ahead(horizon, today)
        assert (made.label, made.steps) == (label, steps)

    def test_the_end_is_excluded(self) -> None:
        assert ahead("next_quarter", END).end_excl == date(2027, 4, 1)

    @pytest.mark.parametrize("horizon", ["soon", "months:0", "months:25", "weeks:60", "days:3"])
    def test_no_horizon(self, horizon: str) -> None:
        with pytest.raises(SpecError):
            ahead(horizon, END)

    def test_a_year_that_is_over_has_no_end_ahead(self) -> None:
        with pytest.raises(SpecError, match="2026 is over"):
            ahead("to_year_end", date(2026, 12, 31))


class TestLaws:
    @given(st.dates(date(2000, 1, 1), date(2040, 1, 1)), st.sampled_from(["month", "week"]))
    def test_the_first_open_period_is_not_whole_yet(self, today: date, grain: str) -> None:
        opened = first_open(today, grain)  # type: ignore[arg-type]
        assert later(opened, 1, grain) > today  # type: ignore[arg-type]
        assert later(opened, -1, grain) <= today  # type: ignore[arg-type]

    @given(st.integers(-40, 40))
    def test_later_goes_back_as_well(self, months: int) -> None:
        start = date(2026, 10, 1)
        assert later(later(start, months, "month"), -months, "month") == start

    def test_weeks_are_named_by_the_iso_year(self) -> None:
        assert name_of(date(2026, 12, 28), "week") == "2026-W53"
