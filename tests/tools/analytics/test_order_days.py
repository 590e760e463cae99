"""Order days: each once, sorted, with the one that follows."""

from __future__ import annotations

import numpy as np
import pandas as pd

from tests.tools.analytics.profile.rows import AS_OF, facts, line, lines
from tools.analytics.order_days import NEVER, day_number, order_days


class TestDayNumber:
    def test_counts_from_1970(self) -> None:
        assert day_number(pd.Timestamp(1970, 1, 1)) == 0
        # 2026 starts 56 years of 365 days and 14 leap days after 1970
        assert day_number(pd.Timestamp("2026-01-01 13:00")) == 56 * 365 + 14


class TestOrderDays:
    def test_each_day_once_with_the_next(self) -> None:
        rows = lines("2026-03-05", "2026-03-01", "2026-03-05")
        found = order_days(facts(1, order_line=rows))
        own = found.at == 0
        first = day_number(pd.Timestamp(2026, 3, 1))
        assert found.day[own].tolist() == [first, first + 4]
        assert found.following[own].tolist() == [first + 4, NEVER]
        assert found.size == 2  # the one and the elder

    def test_partners_are_kept_apart(self) -> None:
        rows = [*lines("2026-03-01"), *lines("2026-03-02", partner_id=2)]
        found = order_days(facts(2, order_line=rows))
        assert found.at.tolist() == [0, 1, 2]
        assert (found.following == NEVER).all()

    def test_returns_and_what_lies_after_today_are_no_orders(self) -> None:
        late = str((AS_OF + pd.Timedelta(days=1)).date())
        rows = [line("2026-03-01", -50.0), line("2026-03-02", 0.0), line(late, 10.0)]
        assert not (order_days(facts(1, order_line=rows)).at == 0).any()

    def test_no_orders_at_all(self) -> None:
        of = facts(1)
        of.tables["order_line"] = of.tables["order_line"].iloc[:0]
        found = order_days(of)
        assert len(found.day) == len(found.at) == 0

    def test_found_once(self) -> None:
        of = facts(1, order_line=lines("2026-03-01"))
        assert order_days(of) is order_days(of)
        assert np.all(np.diff(order_days(of).at) >= 0)
