"""Months of partners: sums, zeros that are known, peers in the middle."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np
import pandas as pd

from tests.tools.analytics.profile.rows import people
from tools.analytics.profile.trend import monthly

AS_OF = date(2026, 10, 31)
Rows = Sequence[tuple[object, ...]]


def months(
    orders: Rows, sold: Rows | None = None, acts: Rows | None = None, partners: int = 2
) -> pd.DataFrame:
    tables = {
        "order_line": pd.DataFrame(
            orders, columns=["partner_id", "order_date", "amount", "quantity"]
        ),
        "sell_through": pd.DataFrame(sold or [], columns=["partner_id", "period_start", "amount"]),
        "activity": pd.DataFrame(acts or [], columns=["partner_id", "happened_on"]),
    }
    who = people(list(range(1, partners + 1)))
    who["joined_on"] = pd.to_datetime(who["joined_on"])
    table = monthly(who, tables, AS_OF)
    return table[table["partner_id"] == 1].set_index("month")


class TestMonths:
    def test_sums_by_calendar_month_zero_between(self) -> None:
        own = months([(1, "2026-08-01", 5.0, 1), (1, "2026-08-31", 7.0, 2),
                      (1, "2026-10-31", 1.0, 1)])  # fmt: skip
        assert own["amount"].to_dict() == {"2026-08": 12.0, "2026-09": 0.0, "2026-10": 1.0}
        assert own["quantity"].tolist() == [3.0, 0.0, 1.0]

    def test_months_begin_with_the_first_row_of_the_data(self) -> None:
        own = months([(2, "2026-09-10", 5.0, 1), (1, "2026-10-01", 7.0, 2)])
        assert own["amount"].to_dict() == {"2026-09": 0.0, "2026-10": 7.0}

    def test_across_the_year(self) -> None:
        own = months([(1, "2025-12-31", 5.0, 1), (1, "2026-01-01", 7.0, 1)])
        assert list(own.index[:2]) == ["2025-12", "2026-01"]
        assert own["amount"].tolist()[:2] == [5.0, 7.0]

    def test_not_after_today_and_not_beyond_sixty_months(self) -> None:
        own = months([(1, "2026-11-01", 9.0, 1), (1, "2020-01-01", 9.0, 1),
                      (1, "2021-11-05", 2.0, 1)])  # fmt: skip
        assert (own.index[0], own.index[-1], len(own)) == ("2021-11", "2026-10", 60)
        assert own["amount"].sum() == 2.0

    def test_a_table_that_does_not_know_the_partner_is_null(self) -> None:
        own = months([(1, "2026-10-01", 1.0, 1)], acts=[(2, "2026-10-05")])
        assert own["activities"].isna().all()
        assert own["sell_through_amount"].isna().all()

    def test_activities_are_counted(self) -> None:
        own = months([(1, "2026-10-01", 1.0, 1)], acts=[(1, "2026-10-05"), (1, "2026-10-05")])
        assert own["activities"].tolist() == [2.0]


class TestPeers:
    def test_the_median_of_who_has_ever_ordered(self) -> None:
        # nine of ten sold 10, 20 … 90 in October; the tenth never ordered
        rows = [(number, "2026-10-02", number * 10.0, 1) for number in range(1, 10)]
        own = months(rows, partners=10)
        assert own["peer_median_amount"]["2026-10"] == 50.0

    def test_too_few_peers_have_no_median(self) -> None:
        own = months([(1, "2026-10-02", 10.0, 1)])
        assert np.isnan(own["peer_median_amount"]).all()
